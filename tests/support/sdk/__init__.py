"""The official SDKs as clients and as the measure of answers."""
