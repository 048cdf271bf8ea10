from datetime import timedelta

import pytest
from sqlalchemy import select

from kernel import tokens
from kernel.db import WriteSession
from kernel.errors import LinkSpent
from kernel.tokens import Token
from tests.moments import NOON

HOUR = timedelta(hours=1)


async def test_only_the_hash_of_a_secret_is_kept(tx: WriteSession) -> None:
    secret = await tokens.mint(tx, purpose="confirm", subject="idea:12", expires_at=NOON + HOUR, now=NOON)

    token = (await tx.scalars(select(Token))).one()
    assert secret not in (token.hash, token.purpose, token.subject)
    assert token.hash == tokens.digest_of(secret)
    assert len(secret) == 32


async def test_a_token_is_used_up_once_with_its_siblings(tx: WriteSession) -> None:
    secret = await tokens.mint(tx, purpose="confirm", subject="idea:12", expires_at=NOON + HOUR, now=NOON)
    sibling = await tokens.mint(tx, purpose="confirm", subject="idea:12", expires_at=NOON + HOUR, now=NOON)

    assert (await tokens.consume(tx, purpose="confirm", secret=secret, now=NOON)).subject_id == 12

    for spent in (secret, sibling):
        with pytest.raises(LinkSpent):
            await tokens.consume(tx, purpose="confirm", secret=spent, now=NOON)


@pytest.mark.parametrize(("purpose", "after"), [("confirm", HOUR), ("receipt", timedelta(0))])
async def test_a_token_counts_for_its_own_purpose_until_its_last_instant(
    tx: WriteSession, purpose: str, after: timedelta
) -> None:
    secret = await tokens.mint(tx, purpose="confirm", subject="idea:12", expires_at=NOON + HOUR, now=NOON)

    await tokens.find(tx, purpose="confirm", secret=secret, now=NOON + HOUR - timedelta(microseconds=1))
    with pytest.raises(LinkSpent):
        await tokens.find(tx, purpose=purpose, secret=secret, now=NOON + after)


async def test_a_token_without_an_end_is_found_again_and_again(tx: WriteSession) -> None:
    secret = await tokens.mint(tx, purpose="receipt", subject="idea:12", expires_at=None, now=NOON)

    for years in (0, 1, 10):
        found = await tokens.find(tx, purpose="receipt", secret=secret, now=NOON + timedelta(days=365 * years))
        assert found.subject == "idea:12"
