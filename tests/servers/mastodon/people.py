"""Who writes on the server: people of other servers, whose posts arrive in the mock's database as by federation.

They do not use its API, because what arrives may be longer than what a server lets its own people write.
"""

from __future__ import annotations

from fastapi import FastAPI
from mastodon_mock.content_format import render_status_html
from mastodon_mock.db.models import Account, MediaAttachment, Notification, OAuthToken, Status, utcnow
from mastodon_mock.ids import next_id
from mastodon_mock.services import add_notification, attach_mentions_and_tags
from mastodon_mock.streaming import publish, user_channel
from mastodon_mock.streaming_events import emit_status_event, flush_stream_notifications
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

ELSEWHERE = "elsewhere.example"


class People:
    """Accounts by name; posts by the id that they have on this server."""

    def __init__(self, app: FastAPI, brand: str, token: str) -> None:
        self._app = app
        self.brand = brand
        with self._session() as session:
            account = self._account(session, brand)
            session.add(OAuthToken(access_token=token, account_id=account.id, scopes=["read", "write"]))
            session.commit()
            self.brand_id = account.id

    def write(  # noqa: PLR0913 - what a post has
        self,
        who: str,
        text: str,
        *,
        visibility: str = "public",
        answers: str | None = None,
        quotes: str | None = None,
        language: str | None = "es",
        warning: str = "",
        picture: str | None = None,
        bot: bool = False,
        id: int | None = None,  # noqa: A002 - so it is called
    ) -> str:
        """A post, and the notification of whomever it names."""
        with self._session() as session:
            author = self._account(session, who, bot=bot)
            answered = session.get(Status, int(answers)) if answers else None
            status = Status(
                id=id or next_id(),
                account_id=author.id,
                text=text,
                content=render_status_html(text),
                visibility=visibility,
                language=language,
                spoiler_text=warning,
                in_reply_to_id=answered.id if answered else None,
                in_reply_to_account_id=answered.account_id if answered else None,
                quoted_status_id=int(quotes) if quotes else None,
                created_at=utcnow(),
                edit_history=[],
            )
            session.add(status)
            session.flush()
            if picture:
                session.add(
                    MediaAttachment(account_id=author.id, status_id=status.id, type="image", description=picture)
                )
            named = [account.id for account in attach_mentions_and_tags(session, status.id, author.id, text)]
            for account in named:
                self._notify(session, status, account, "mention")
            if quotes and self.brand_id not in named:
                self._notify(session, status, self.brand_id, "quote")
            session.commit()
            emit_status_event(self._app, session, status, self._app.state.config, name="update")
            flush_stream_notifications(self._app, session, self._app.state.config)
            return str(status.id)

    def edit(self, post: str, text: str) -> None:
        with self._session() as session:
            status = session.get_one(Status, int(post))
            status.text, status.content, status.edited_at = text, render_status_html(text), utcnow()
            session.commit()
            emit_status_event(self._app, session, status, self._app.state.config, name="status_update")

    def delete(self, post: str) -> None:
        """Mastodon forgets the notifications too, and tells everybody who was named."""
        with self._session() as session:
            session.execute(delete(Notification).where(Notification.status_id == int(post)))
            session.delete(session.get_one(Status, int(post)))
            session.commit()
        publish(self._app, "delete", post, {user_channel(self.brand_id)})

    def answers_of_the_brand(self) -> list[Status]:
        """Oldest first."""
        with self._session() as session:
            own = select(Status).where(Status.account_id == self.brand_id, Status.in_reply_to_id.is_not(None))
            return list(session.scalars(own.order_by(Status.id)))

    def _notify(self, session: Session, status: Status, recipient: int, type_: str) -> None:
        add_notification(
            session, recipient_id=recipient, from_account_id=status.account_id, type_=type_, status_id=status.id
        )

    def _account(self, session: Session, who: str, *, bot: bool = False) -> Account:
        """The account of this name, made when it is not there; only the brand is at home here."""
        known = session.scalar(select(Account).where(Account.username == who))
        if known is not None:
            return known
        domain = None if who == self.brand else ELSEWHERE
        account = Account(
            username=who, domain=domain, display_name=who.title(), bot=bot, created_at=utcnow(), fields=[]
        )
        session.add(account)
        session.flush()
        return account

    def _session(self) -> Session:
        session: Session = self._app.state.session_factory()
        return session
