"""The words `parley` understands. Commands are imported when they are run, so `--help` is quick."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from importlib import import_module

EPILOG = """\
Settings come from environment variables; docs/operate.md lists them all.
Every command works on one data folder (--data, or PARLEY_DATA; without either,
var/ in the checkout), also while a site or the demo runs on it.
"""


_NAMED = {"import": "take_in", "export": "give_out"}


def parser() -> argparse.ArgumentParser:
    """The parser of the whole command line."""
    whole = argparse.ArgumentParser(
        prog="parley",
        description="Parley, the support desk of a marketplace.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    _data(whole, default=None)
    commands = whole.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for add in (
        _serve,
        _worker,
        _migrate,
        _demo,
        _begin,
        _rescue,
        _token,
        _doctor,
        _help,
        _ask,
        _mail,
        _figures,
        _shell,
        _manage,
    ):
        add(commands)
    return whole


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    module: str,
    summary: str,
    more: str = "",
    *,
    takes_rest: bool = False,
) -> argparse.ArgumentParser:
    made = commands.add_parser(
        name,
        help=summary[0].lower() + summary[1:].rstrip("."),
        description=f"{summary} {more}".strip(),
        add_help=not takes_rest,
        allow_abbrev=False,
    )
    if not takes_rest:
        _data(made, default=argparse.SUPPRESS)
    made.set_defaults(run=_later(module, name), takes_rest=takes_rest)
    return made


def _data(parser: argparse.ArgumentParser, *, default: str | None) -> None:
    parser.add_argument("--data", metavar="FOLDER", default=default, help="the data folder")


def _later(module: str, name: str) -> Callable[[argparse.Namespace], int | None]:
    def run(chosen: argparse.Namespace) -> int | None:
        # `import` is a word of Python's own.
        command = getattr(import_module(f"parley.site.cli.{module}"), _NAMED.get(name, name))
        return command(chosen)  # type: ignore[no-any-return]

    return run


def _serve(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    serve = _command(
        commands,
        "serve",
        "running",
        "Run the site: the database if it is the embedded one, the web server and a worker.",
        "Ctrl-C stops all of it. Whatever dies is started again.",
    )
    serve.add_argument("--port", type=_port, help="the port to listen on (PARLEY_PORT)")
    serve.add_argument(
        "--only-web",
        action="store_true",
        help="no worker: it runs elsewhere with `parley worker`",
    )
    serve.add_argument("--migrate", action="store_true", help="bring the database up to date first")


def _worker(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    _command(
        commands,
        "worker",
        "running",
        "Run one more worker for the background jobs.",
        "Any number may run, here and on other machines.",
    )


def _migrate(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    _command(
        commands,
        "migrate",
        "managing",
        "Bring the database up to date with this version of Parley.",
    )


def _demo(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    demo = _command(
        commands,
        "demo",
        "demo",
        "Run a demo: a small marketplace with people, tickets and accounts to sign in with.",
        "The first run makes it, later ones carry on with it. Ctrl-C stops it.",
    )
    demo.add_argument("--port", type=_port, help="the port to listen on (default 8000)")
    demo.add_argument(
        "--fresh", action="store_true", help="throw the demo's data away and start anew"
    )
    demo.add_argument(
        "--tickets",
        type=_count,
        default=0,
        metavar="N",
        help="make N more tickets, for load; adds them to a demo that is running",
    )
    demo.add_argument(
        "--orders",
        type=_count,
        default=0,
        metavar="N",
        help="make N more orders, for load; adds them to a demo that is running",
    )
    demo.add_argument(
        "--reload",
        action="store_true",
        help="start the site anew whenever its code changes",
    )


def _begin(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    begin = _command(
        commands,
        "begin",
        "people",
        "Invite the first administrator, and print the link to accept it by.",
        "Makes the marketplace's operator if there is none yet. The link works once, for seven days; "
        "doing it again prints another one.",
    )
    begin.add_argument(
        "--name", required=True, metavar="NAME", help="what the marketplace is called"
    )
    begin.add_argument(
        "--admin", required=True, metavar="E-MAIL", help="whom to invite as its administrator"
    )
    begin.add_argument("--language", default="en", metavar="CODE", help="theirs, such as en or ru")


def _rescue(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    rescue = _command(
        commands,
        "rescue",
        "people",
        "Take all second factors off a person who has lost them, and whom nobody can approve.",
        "Their sessions end, and the password alone lets them in.",
    )
    rescue.add_argument("--person", required=True, metavar="E-MAIL", help="who is locked out")


def _token(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    token = _command(
        commands,
        "token",
        "token",
        "Make an API token for a person, and print it.",
        "It is shown this once; Settings lists and revokes it.",
    )
    token.add_argument("--person", required=True, metavar="E-MAIL", help="whose token it is")
    token.add_argument(
        "--name", default="command line", help="what it is for, as Settings shows it"
    )


def _doctor(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    _command(
        commands,
        "doctor",
        "doctor",
        "Check this installation, and say in words what is wrong and what to do.",
    )


def _help(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    made = commands.add_parser(
        "help",
        help="take articles of the help centre in from a folder, or give them out",
        description="The articles of the help centre as folders of Markdown; docs/help-centre.md says how.",
        allow_abbrev=False,
    )
    kinds = made.add_subparsers(title="commands", metavar="COMMAND", required=True)
    take_in = _command(
        kinds,
        "import",
        "articles",
        "Take in a folder of articles in one language, and publish them.",
        "All of it or, if anything is wrong in it, nothing. What is published already stays as it is.",
    )
    take_in.add_argument("folder", metavar="FOLDER", help="the folder of Markdown files")
    take_in.add_argument("--language", required=True, metavar="CODE", help="such as en or ru")
    give = _command(
        kinds,
        "export",
        "articles",
        "Write the articles of the help centre to a folder, as Markdown files with their pictures.",
    )
    give.add_argument("folder", metavar="FOLDER", help="where to; it is made if need be")
    give.add_argument(
        "--language",
        default="",
        metavar="CODE",
        help="one language alone; without it, a folder for each within FOLDER",
    )


def _figures(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    figures = _command(
        commands,
        "figures",
        "figures",
        "Count the tickets that the dashboard has not counted yet.",
        "The worker does so by itself; this does it at once.",
    )
    figures.add_argument(
        "--anew",
        action="store_true",
        help="count every ticket again from the journal, by the calendars that hold now",
    )


def _ask(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    from parley.site.cli.asking import EXAMPLE

    ask = _command(
        commands,
        "ask",
        "asking",
        "Ask the assistant many questions, as JSON lines.",
        "What it would answer from comes out, a line each; nothing is kept, no model is asked.",
    )
    ask.epilog, ask.formatter_class = EXAMPLE, argparse.RawDescriptionHelpFormatter
    ask.add_argument(
        "--jsonl", action="store_true", required=True, help="the form of input and output"
    )
    ask.add_argument(
        "--all",
        action="store_true",
        help="who is named no person reads as the operator: every article, for whomever it is",
    )
    ask.add_argument(
        "file",
        nargs="?",
        default="-",
        metavar="FILE",
        help="the questions (default: standard input)",
    )


def _mail(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    made = commands.add_parser(
        "mail",
        help="say what mails mean, or take them in",
        description="Mails that come in; docs/mail.md says how they are understood.",
        allow_abbrev=False,
    )
    kinds = made.add_subparsers(title="commands", metavar="COMMAND", required=True)
    understand = _command(
        kinds,
        "understand",
        "mail",
        "Print what mails mean, one JSON object a mail, in the order of the files.",
        "It touches nothing, and needs no database.",
    )
    understand.add_argument(
        "files",
        nargs="+",
        metavar="FILE",
        help="a raw mail, an mbox file, a folder with all below it; - is standard input",
    )
    take = _command(
        kinds,
        "take",
        "mail_taking",
        "Take mails in, as if they had come now, and say of each what became of it.",
        "The same mail twice is taken in once.",
    )
    take.add_argument(
        "places",
        nargs="+",
        metavar="PLACE",
        help="a raw mail, an mbox file, a folder with all below it; - is standard input",
    )
    take.add_argument(
        "--mailbox",
        default="",
        metavar="ADDRESS",
        help="to which of the mailboxes in Administration they came (default: none)",
    )


def _shell(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    _command(commands, "shell", "managing", "Open a Python shell with the site loaded.")


def _manage(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    _command(
        commands,
        "manage",
        "managing",
        "Run one of Django's own commands, such as `parley manage makemigrations`.",
        takes_rest=True,
    )


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"a port is a whole number from 1 to 65535, not “{text}”")
    return int(text)


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise argparse.ArgumentTypeError(f"how many must be a whole number, not “{text}”")
    return int(text)
