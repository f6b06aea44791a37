"""The table of states: every page and every moment of it that somebody can be in.

A walk is a function that takes a visitor through states one after the other and gives the name of each when
she is there. The accessibility tests measure every state where it stands, and `make screenshots` takes its
picture, so the two can't drift apart. A new page gets a walk in the file of its kind and a line in ``WALKS``.
"""

from collections.abc import Callable, Iterator

from ..visit import Visit
from . import after, chat, form, inbox, news, pages, plain, several

Walk = Callable[[Visit], Iterator[str]]

WALKS: dict[str, Walk] = {
    "widget": chat.widget,
    "conversation": chat.conversation,
    "verdicts": chat.verdicts,
    "ends": chat.ends,
    "form": form.form,
    "form-trouble": form.trouble,
    "guardian": form.guardian,
    "after": after.after,
    "after-no-match": after.no_match,
    "several": several.several,
    "pages": pages.pages,
    "errors": pages.errors,
    "status": pages.status,
    "plain": plain.interview,
    "plain-ends": plain.ends,
    "news": news.news,
    "login": inbox.login,
    "inbox": inbox.the_list,
    "card": inbox.card,
    "administration": inbox.administration,
}
"""All walks, by name; each starts with a fresh browser."""
