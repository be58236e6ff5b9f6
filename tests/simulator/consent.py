"""The pages on which a seller lets an application in."""

from html import escape

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{title}</title>
<style>
body {{ font: 16px/1.5 sans-serif; max-width: 34em; margin: 4em auto; padding: 0 1em }}
h1 {{ font-size: 1.4em; color: #ff5a00 }}
button, select, input {{ font: inherit; padding: .4em 1em; margin: .4em .4em .4em 0 }}
</style>
</head>
<body>
<h1>{title}</h1>
{body}
</body>
</html>
"""


def page(title, body):
    return _PAGE.format(title=escape(title), body=body)


def message_page(title, text):
    return page(title, f"<p>{escape(text)}</p>")


def consent_page(app, scopes, sellers, fields, ask_user_code=False):
    """
    :param fields: sent back with the decision, as hidden inputs
    :param ask_user_code: for a device whose code is not known yet
    """
    hidden = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in fields.items()
    )
    code = (
        '<p><label>Code <input name="user_code" required autofocus></label></p>'
        if ask_user_code
        else ""
    )
    options = "".join(f"<option>{escape(login)}</option>" for login in sellers)
    asked = "".join(f"<li><code>{escape(scope)}</code></li>" for scope in scopes)
    who = escape(app.name) if app else "An application"
    wants = f"<p>{who} asks for access to your account:</p><ul>{asked}</ul>"
    return page(
        "Allegro (simulator)",
        f"""{wants if app else ""}
<form method="post">
{hidden}{code}
<p><label>Account <select name="seller">{options}</select></label></p>
<button name="decision" value="allow">Allow</button>
<button name="decision" value="cancel" formnovalidate>Cancel</button>
</form>""",
    )
