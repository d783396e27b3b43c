"""The wire: gate, routes, shapes, error bodies, paging, OAuth, and the server that speaks HTTP."""
