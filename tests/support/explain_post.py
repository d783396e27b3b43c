"""The founding question in our own words: everything of it in one text."""

from __future__ import annotations

CREDENTIAL = "5b0e7a52-93cf-4d0c-8f55-60b6a1f7a3d4"
TOKEN = "Qk3vZ0aYw8n-Rr5TtUuVvWwXxYyZz0123456789abcdef"
PASSWORD = "w1nter-garden"

POST = f"""Good morning,
our integration of type web services data action is made through the API, after the sample wizard. First
the credential:
postIntegrationsCredentials:
let made = {{
"body": {{
"name": "Integration-77777777-aaaa-4bbb-8ccc-999999999999",
"type": {{"name": "basicAuth", "required": ["userName"]}},
"credentialFields": {{"userName": "svc", "password": "{PASSWORD}"}}
}}
}}
postIntegrationsCredentials(made)
The response:
{{
"id": "{CREDENTIAL}",
"name": "Integration-77777777-aaaa-4bbb-8ccc-999999999999",
"createdDate": "2020-01-02T03:04:05Z",
"type": {{"name": "basicAuth"}},
"selfUri": "/api/v2/integrations/credentials/{CREDENTIAL}"
}}and what comes back goes into the configuration:
PUT /api/v2/integrations/77777777-aaaa-4bbb-8ccc-999999999999/config/current HTTP/1.1
Host: api.mypurecloud.com
Content-Type: application/json
Authorization: Bearer {TOKEN}
Postman-Token: 11111111-2222-4333-8444-555555555555
{{
"name": "Lookup",
"version": "3",
"properties": {{
"url": "https://lookup.example",
"sandbox": "allow-forms,allow-scripts",
"displayType": "standalone",
"groupFilter": ["1301c6da-779b-4487-843d-04572bba22d8"]
}},
"advanced": {{}},
"notes": \"\"\",
"credentials": {{
"id": "{CREDENTIAL}",
"name": "Integration-77777777-aaaa-4bbb-8ccc-999999999999",
"createdDate": "2020-01-02T03:04:05Z",
"type": {{"name": "basicAuth"}},
"selfUri": "/api/v2/integrations/credentials/{CREDENTIAL}"
}}
}}
We get
{{"status": 400, "code": "bad.request", "message": "The request could not be understood by the server due to
malformed syntax.", "details": [], "errors": []}}
How must credentials be written? When the credentials field stays empty the request is successful.
"""
