"""What the messenger's component says, in the reader's language: it has no words of its own."""

from __future__ import annotations

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _


def component_words() -> dict[str, str]:
    """All that the component says, by its own keys, in the language that is active.

    `{name}` marks a blank that the component fills in.
    """
    return _places() | _asking() | _talking_to_a_person() | _files() | _help() | _connection()


def first_words() -> dict[str, dict[str, str]]:
    """What it has to say before it could ask anything, for each language, by its code."""
    said = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            said[language] = {
                "open": _("Open the messenger"),
                "unread": _("Open the messenger, unread: {count}"),
                "close": _("Close the messenger"),
                "name": _("Messenger"),
                "loading": _("One moment…"),
                "blocked": _("This page does not let the messenger connect."),
                "unreachable": _("The messenger can't be reached at the moment."),
                "newTab": _("Open it in a tab of its own"),
                "again": _("Try again"),
            }
    return said


def _places() -> dict[str, str]:
    return {
        "home": _("Home"),
        "messages": _("Messages"),
        "messagesUnread": _("Messages, unread: {count}"),
        "help": _("Help"),
        "back": _("Back"),
        "close": _("Close the messenger"),
        "places": _("Places in the messenger"),
        "hello": _("Hello, {name}"),
        "helloAnyone": _("Hello"),
        "howCanWeHelp": _("How can we help?"),
        "peopleOnline": _("An assistant answers at once, and people are here as well"),
        "peopleOffline": _("An assistant answers at once; people answer during working hours"),
        "recent": _("Recent conversations"),
        "allConversations": _("All conversations"),
        "suggested": _("Often read"),
        "noConversations": _("No conversations yet"),
        "noConversationsWhy": _(
            "What you ask here, and the tickets you open, can be found again here on any device."
        ),
        "older": _("Show older ones"),
        "unread": _("Unread"),
        "urgent": _("Urgent"),
    }


def _asking() -> dict[str, str]:
    return {
        "ask": _("Ask a question"),
        "askHint": _("In your own words, such as “How long does an answer take?”"),
        "askSomethingNew": _("Ask something new"),
        "assistant": _("Assistant"),
        "assistantLabel": _("AI assistant · a machine answers"),
        "assistantGreets": _(
            "Ask me anything. I am a machine: I answer from the help centre and from what you can"
            " see yourself, and I say so when I don't know. A person can be reached at any time."
        ),
        "send": _("Send"),
        "write": _("Write a message"),
        "writeToAssistant": _("Ask something else"),
        "sending": _("Sending…"),
        "sent": _("Sent"),
        "notSent": _("Not sent."),
        "again": _("Try again"),
        "you": _("You"),
        "thinking": _("The assistant is looking for an answer…"),
        "late": _("This takes longer than it should. You needn't wait: a person can take over."),
        "sources": _("Taken from"),
        "didYouMean": _("Did you mean one of these?"),
        "noneOfThese": _("None of these"),
        "helped": _("That helped"),
        "helpedThanks": _("You said that this helped. Thank you."),
        "talkToAPerson": _("Talk to a person"),
        "typing": _("{names} is writing…"),
        "newMessage": _("New message from {name}"),
        "newMessages": _("New messages"),
        "conversation": _("Conversation"),
        "olderMessages": _("Show older messages"),
        "justNow": _("just now"),
        "today": _("Today"),
        "yesterday": _("Yesterday"),
        "closeConversation": _("Close"),
        "reallyClose": _("Close this conversation? It can still be read."),
        "yesClose": _("Yes, close it"),
        "keepOpen": _("Keep it open"),
        "closed": _("This conversation is closed."),
        "rateIt": _("How did we do?"),
        "stars": _("{count} of 5 stars"),
        "comment": _("Anything to add? (optional)"),
        "sendRating": _("Send the rating"),
        "thanksForRating": _("Thank you for the rating."),
    }


def _talking_to_a_person() -> dict[str, str]:
    return {
        "whichKind": _("Which describes it best?"),
        "describe": _("Describe it"),
        "describeHint": _("What happened, since when, and what you expected"),
        "describeMore": _("Anything to add? (optional)"),
        "keptWords": _("What was said so far is passed on: nothing has to be written twice."),
        "screenshot": _("A screenshot, if it helps"),
        "email": _("Your e-mail address"),
        "emailWhy": _("The answer is also sent there."),
        "emailTo": _("The answer is also sent to {email}."),
        "sendToPeople": _("Send to a person"),
        "passedOn": _("A person takes it from here"),
        "yourNumber": _("Your number is {number}. You can quote it anywhere."),
        "toConversation": _("To the conversation"),
        "pickAKind": _("Please pick one of the three."),
        "fillIn": _("Please fill this in."),
        "emailWrong": _("This does not look like an e-mail address."),
        "toTheTicket": _("Go to the ticket that is already there"),
    }


def _files() -> dict[str, str]:
    return {
        "addFile": _("Add a picture or file"),
        "dropHere": _("Drop it to add it"),
        "removeFile": _("Remove {name}"),
        "uploading": _("{name} is being uploaded: {percent} %"),
        "uploaded": _("{name} is added"),
        "notUploaded": _("{name} could not be uploaded."),
        "tooBig": _("{name} is over the limit for one file by {over}."),
        "tooMuch": _("{name} would take the message over its limit by {over}."),
        "stillUploading": _("Wait until the files are there."),
        "picture": _("Picture: {name}"),
        "download": _("Download {name}"),
        "pasted": _("screenshot"),
    }


def _help() -> dict[str, str]:
    return {
        "search": _("Search the help centre"),
        "searchHint": _("Search for help"),
        "found": _("Found: {count}"),
        "nothingFound": _("Nothing is written about “{words}” yet."),
        "askInstead": _("Ask the assistant"),
        "collections": _("Help centre"),
        "related": _("Related articles"),
        "openInHelp": _("Open in the help centre"),
        "otherLanguage": _("This article is not yet there in your language."),
        "didItHelp": _("Was this helpful?"),
        "yes": _("Yes"),
        "no": _("No"),
        "whatIsMissing": _("What is missing or wrong? (optional)"),
        "sendOpinion": _("Send"),
        "thanks": _("Thank you. It helps us write better."),
        "articleGone": _("This article is not there any more."),
    }


def _connection() -> dict[str, str]:
    return {
        "offline": _("Connection lost. Trying again; nothing you wrote is lost."),
        "online": _("Connected again."),
        "broken": _("Something broke on our side. Try again in a moment."),
        "loading": _("One moment…"),
        "retry": _("Try again"),
    }
