"""What the server can do, one module per noun.

Audit rows and repeated requests live in `mutations`, permissions in `access`.
"""
