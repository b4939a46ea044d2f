"""What the stages hand each other: frozen values, named by their moment.

The path, in the order of the data:

    DuePage -> Request | fetch -> Fetched or Failed | look -> Found | decide(found, known, now) -> Outcome -> storage

Every datetime is aware and in UTC. A time that a page gives only to the day or the month is kept as midnight UTC
of its first day with its :class:`Precision` beside it: it is a calendar date and is never converted between zones.
Nothing here reads a clock, a file or a network, and nothing here imports another module of the product.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Kind(StrEnum):
    """What happened between two observations of a release."""

    NEW = "new"
    EDITED = "edited"
    SILENTLY_EDITED = "silently-edited"
    RESTAMPED = "restamped"
    WITHDRAWN = "withdrawn"
    RESTORED = "restored"
    MOVED = "moved"


class Precision(StrEnum):
    """How exactly a page tells a time."""

    MONTH = "month"
    DAY = "day"
    MINUTE = "minute"
    SECOND = "second"

    @property
    def is_date(self) -> bool:
        """True where the value is a calendar date without a time of day."""
        return self in (Precision.MONTH, Precision.DAY)


class Origin(StrEnum):
    """Where in a page, or beside it, a time was found. The order of the members is the order of belief for a stamp."""

    TEXT = "text"
    """Visible text with a label, such as "Last updated: 07 Sep. 2012 12:46"."""
    TIME = "time"
    """A visible ``<time>`` element."""
    JSON_LD = "json-ld"
    META = "meta"
    """``<meta>`` or microdata."""
    HTTP = "http"
    """The ``Last-Modified`` header of the answer: often the time of a deployment, never taken for the stamp."""
    URL = "url"
    LISTING = "listing"
    """The feed entry, sitemap row or list row that leads to the release."""

    @property
    def is_visible(self) -> bool:
        """True where a reader of the page sees it."""
        return self in (Origin.TEXT, Origin.TIME)

    @property
    def is_of_page(self) -> bool:
        """True where the page itself says it, and not the server or a listing beside it."""
        return self not in (Origin.HTTP, Origin.LISTING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """A time that a page shows or declares, as read and as written."""

    at: datetime
    """UTC; for a date, midnight UTC of its first day."""
    precision: Precision
    raw: str
    """The text it was read from, label included, white space folded."""
    origin: Origin
    zone_assumed: bool = False
    """True where the page names no zone and the source's was taken."""
    day: date | None = field(default=None, compare=False)
    """The calendar day that the page itself gives it, where that is not the day of ``at`` in UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One candidate for a time of publication or of an update, and what became of it."""

    updated: bool
    """True where it claims an update, False where it claims a publication."""
    stamp: Stamp
    believed: bool
    """True for the one of its origin that was taken over into the release."""
    why: str
    """One clause for a person: what speaks for it, or why another one was believed."""


class BlockKind(StrEnum):
    """What a block of a body is."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    LIST_ITEM = "list-item"
    QUOTE = "quote"
    CAPTION = "caption"
    TABLE_ROW = "table-row"
    FOOTNOTE = "footnote"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An anchor inside a block."""

    text: str
    target: str
    """Absolute URL."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One block of a body. ``text`` is as shown, white space folded; cells of a table row are joined by " | "."""

    kind: BlockKind
    text: str
    links: tuple[Link, ...] = ()


class Signal(StrEnum):
    """What a page shows of itself that a release would not."""

    NOT_FOUND = "not-found"
    """It says that there is nothing here, with status 200."""
    ERROR = "error"
    """It says that something failed."""
    CHALLENGE = "challenge"
    """It asks whether one is a robot."""
    LOGIN = "login"
    """It asks to sign in and shows little else."""
    CONSENT = "consent"
    """It asks for consent and shows little else."""
    UNFINISHED = "unfinished"
    """The markup stops before its end."""
    LISTING = "listing"
    """It is a list of other pages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """What one look at a page read of a release."""

    title: str
    blocks: tuple[Block, ...]
    published: Stamp | None = None
    stamps: tuple[Stamp, ...] = ()
    """Every claim of an update time, the most believed first, at most one for each origin."""
    language: str | None = None
    """BCP 47 tag as the page declares it, lower-cased."""
    canonical: str | None = None
    """The address that the page gives as its own, absolute; None where it gives none."""
    signals: frozenset[Signal] = frozenset()
    claims: tuple[Claim, ...] = ()
    """Every candidate for a time that was weighed, the believed ones first; what ``presswatch explain`` shows."""

    @property
    def stamp(self) -> Stamp | None:
        """The update stamp: the visible one where the page shows one, else the declared one, never the server's."""
        return next((stamp for stamp in self.stamps if stamp.origin.is_of_page), None)

    @property
    def text(self) -> str:
        """The body's blocks, a line each."""
        return "\n".join(block.text for block in self.blocks)

    @property
    def words(self) -> int:
        """White-space separated words of the body."""
        return sum(len(block.text.split()) for block in self.blocks)


# --- what is known of a site ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What was learned of a site from its sibling pages and from several loads of one page.

    Pages are read with it, so it is a part of the recipe: another ``version`` reads stored evidence again.
    """

    version: str = ""
    """Digest of all that follows; empty where nothing was learned."""
    pages: int = 0
    """Distinct pages that it was learned from."""
    releases: int = 0
    """How many releases of the source could be learned from at that time."""
    loads: int = 0
    """Loads of them; more than ``pages`` where one was seen again."""
    recurring: frozenset[str] = frozenset()
    """Keys of texts that stand on several releases: see ``scraper.read.learn``."""
    varying: frozenset[str] = frozenset()
    """Places whose text was another on each load of one page."""
    body: str = ""
    """Place of the box that holds the text on most pages; empty where they differ."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What a person says of a site, over whatever is learned. Empty fields say nothing.

    All but the last two are CSS selectors.
    """

    title: str = ""
    body: str = ""
    """The elements that hold the text; all that match, in the order of the page."""
    drop: str = ""
    """Elements that are no part of it."""
    published: str = ""
    updated: str = ""
    date_format: str = ""
    """How both dates are written, as for ``datetime.strptime``; empty: as they are understood."""
    time_zone: str = ""
    """IANA name for their times; empty: that of the source."""


class Render(StrEnum):
    """Whether a source's pages are rendered by a browser before they are read."""

    NEVER = "never"
    AUTO = "auto"
    """Where the plain page leads to no release."""
    ALWAYS = "always"


class ListingKind(StrEnum):
    """What a listing is."""

    FEED = "feed"
    """RSS, Atom or JSON Feed."""
    SITEMAP = "sitemap"
    PAGE = "page"
    """An HTML list page."""
    JSON = "json"
    """JSON that a script would make a list page of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A release as a listing names it."""

    url: str
    """Absolute."""
    key: str
    """Identity of the address; see ``scraper.urls.identity``. Two addresses of one key are one release."""
    title: str = ""
    published: Stamp | None = None
    updated: Stamp | None = None
    summary: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """What one look at a listing read."""

    kind: ListingKind
    entries: tuple[Entry, ...]
    """In the listing's own order, each address once."""
    children: tuple[str, ...] = ()
    """Sitemaps that a sitemap index leads to, the newest first."""
    following: str | None = None
    """The address of the listing's next page, where it is parted into pages."""
    title: str = ""
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A URL of a source that leads to releases."""

    url: str
    kind: ListingKind
    shapes: tuple[str, ...] = ()
    """URL shapes that its releases have; empty: every entry is one. See ``scraper.urls.shape``."""


# --- fetching ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What a server gave to ask again by, kept and sent back verbatim (RFC 9110 section 8.8)."""

    etag: str | None = None
    last_modified: str | None = None

    def __bool__(self) -> bool:
        return bool(self.etag or self.last_modified)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A GET that is to be made."""

    url: str
    validators: Validators = field(default_factory=Validators)


class Failure(StrEnum):
    """Why a look yielded nothing: a closed list, so that nothing is "just skipped"."""

    ADDRESS = "address"
    """A private, loopback or otherwise forbidden address, port or scheme."""
    DNS = "dns"
    CONNECT = "connect"
    TLS = "tls"
    TIMEOUT = "timeout"
    BROKEN = "broken"
    """The answer broke the protocol, was cut off or could not be decoded."""
    TOO_LARGE = "too-large"
    REDIRECTS = "redirects"
    """Too many redirects, or a loop."""
    ROBOTS = "robots"
    """robots.txt forbids it or could not be had."""
    THROTTLED = "throttled"
    """429, or 503 with Retry-After."""
    SERVER = "server"
    """5xx."""
    REFUSED = "refused"
    """401, 403, 451 and the other 4xx but 404 and 410."""
    UNREADABLE = "unreadable"
    """It arrived and is nothing that can be read: another media type, no text."""

    @property
    def is_transient(self) -> bool:
        """True where trying again soon is likely to help."""
        return self in _TRANSIENT


_TRANSIENT = frozenset(
    {Failure.DNS, Failure.CONNECT, Failure.TIMEOUT, Failure.BROKEN, Failure.THROTTLED, Failure.SERVER}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Redirect:
    """One hop."""

    status: int
    url: str
    """Where it came from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A complete HTTP answer."""

    url: str
    """As requested."""
    final_url: str
    """The one that answered."""
    status: int
    headers: tuple[tuple[str, str], ...]
    """In the order received; names lower-cased."""
    body: bytes
    """Content-coding undone."""
    started_at: datetime
    finished_at: datetime
    redirects: tuple[Redirect, ...] = ()
    received: int = 0
    """Bytes of the body on the wire."""

    def header(self, name: str) -> str | None:
        """The first header of this name."""
        return next((value for key, value in self.headers if key == name.lower()), None)

    @property
    def validators(self) -> Validators:
        """The answer's own validators."""
        return Validators(etag=self.header("etag"), last_modified=self.header("last-modified"))

    @property
    def is_permanent_redirect(self) -> bool:
        """True where there was a redirect and each hop was a 301 or 308."""
        return bool(self.redirects) and all(hop.status in (301, 308) for hop in self.redirects)


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """A look that yielded nothing, and why."""

    at: datetime
    failure: Failure
    detail: str
    """One sentence for a person."""
    retry_after: timedelta | None = None
    status: int | None = None


# --- a look at a release ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A page that answered with something to read."""

    at: datetime
    url: str
    """As requested."""
    final_url: str
    permanent: bool
    """Every hop from ``url`` to ``final_url`` was permanent, or the release is gone from where it stood."""
    release: Release
    digest: str
    """Over the normalised release; see ``scraper.judge.digest``."""
    evidence: Fetched
    site: str = ""
    """Version of what was learned of the site when it was read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmodified:
    """The server said 304: what we have still stands, if it may be believed."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """The server, or the page, said that the release is not there."""

    at: datetime
    reason: str
    """One clause for a person, such as "404 Not Found"."""
    evidence: Fetched | None = None


Found = Seen | Unmodified | Missing | Failed


# --- what is known ----------------------------------------------------------------------------------------------------


class State(StrEnum):
    """Where a release stands."""

    PENDING = "pending"
    """Named by a listing, not read yet."""
    LIVE = "live"
    WITHDRAWN = "withdrawn"
    IGNORED = "ignored"
    """Read, and no release."""


class Doubt(StrEnum):
    """Why a look is not believed before a second one."""

    GONE = "gone"
    COLLAPSED = "collapsed"
    """Most of the body is missing."""
    INTERSTITIAL = "interstitial"
    """An error, consent, login or bot-check page."""
    TRUNCATED = "truncated"
    STALE = "stale"
    """The stamp went backwards."""
    FLAPPING = "flapping"
    """The text went back to an earlier one."""
    RESTLESS = "restless"
    """The text has changed too often of late."""
    DOUBLE = "double"
    """The whole text of another release: the same one at a second address, or a page that stands for many."""
    BARE = "bare"
    """Nothing that a release would have; perhaps not yet."""
    KIN = "kin"
    """Nearly the text of another release, which may have moved here."""
    STRANGER = "stranger"
    """Another release's text stands at this address."""
    RESTAMP = "restamp"
    """Only a declared stamp moved: it may be one that moves on each load."""
    EMPTY = "empty"
    """A listing lost its entries."""
    ALL_NEW = "all-new"
    """A listing shares no entry with what it had."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspect:
    """A look that is held until another confirms it."""

    doubt: Doubt
    since: datetime
    looks: int = 1
    """How many looks in a row have shown the same."""
    total: int = 1
    """How many looks in a row were doubted for this reason, the same or not."""
    seen_before: datetime | None = None
    """The last look that saw what was there before, as it was when the doubt began: the beginning of the window."""
    token: str = ""
    """What must be the same for the next look to confirm: a digest, a stamp, a reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One distinct content of a release as it is stored."""

    number: int
    """From 1."""
    release: Release
    digest: str
    recipe: int
    """Version of the digest's recipe: digests of different recipes don't compare."""
    site: str = ""
    """Version of what was learned of the site when it was read, a part of the recipe."""
    observed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Twin:
    """Another release of the same source that may be this one: by its content, or by the address that answered."""

    release_id: int
    url: str
    state: State
    gone: bool = False
    """It is withdrawn, or its last look could not find it."""
    failing: bool = False
    """Its last look failed."""
    current: Revision | None = None
    """Its current content under the present recipe, where that is to be compared."""
    last_seen_at: datetime | None = None
    """The last look that still saw its current state."""
    read: bool = True
    """False where it is only named by a listing, or turned out to be no release."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of a release before a look."""

    url: str
    key: str
    state: State = State.PENDING
    quiet: bool = False
    """It was there at the source's first visit, so that its first revision is no news."""
    entry: Entry | None = None
    """As its listing names it."""
    absent_at: datetime | None = None
    """The last look at its listing that did not name it yet; None where there was none."""
    current: Revision | None = None
    last_seen_at: datetime | None = None
    """The last look that still saw the current state: the content, or that a withdrawn release is gone."""
    suspect: Suspect | None = None
    recent: tuple[tuple[str, datetime], ...] = ()
    """Digest and time of the revisions of the last seven days, oldest first, the current one included."""
    aliases: tuple[str, ...] = ()
    """Other addresses of the same release that may still answer."""
    places: frozenset[str] = frozenset()
    """Identity keys of the source's home and listings."""
    same_text: Twin | None = None
    """Another release whose current content has the digest just seen."""
    same_place: Twin | None = None
    """Another release known at the address that answered, or that the page calls its own."""
    kin: tuple[Twin, ...] = ()
    """Other releases whose content shares traits with what was seen, the likeliest first."""
    unread: bool = False
    """It seems gone, and listings have named releases since it was last seen that were not read yet: it may be one."""
    reused: tuple[datetime, ...] = ()
    """When other releases began to stand at this address in the place of former ones, the last first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What happened to a release, and the window in which it happened."""

    kind: Kind
    not_before: datetime | None
    """The last look that still saw the old state; None where there was none."""
    not_after: datetime
    """The first look that saw the new state."""
    title: str
    url: str
    url_before: str | None = None
    stamp_before: Stamp | None = None
    stamp_after: Stamp | None = None
    revision_from: int | None = None
    revision_to: int | None = None
    importance: float = 0.5
    """From 0 to 1."""
    reason: str = ""
    """One sentence that explains the verdict."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one look at a release comes to. Everything that is to be stored of it, in one transaction."""

    state: State
    url: str
    """The address of the release from now on."""
    key: str
    """Its identity."""
    same_as: int | None = None
    """Release id: this one turned out to be that one under another address, and is absorbed by it."""
    absorbs: int | None = None
    """Release id: that one turned out to be this one under another address."""
    follower: Outcome | None = None
    """What the look comes to for the release that stands at the address now, while this one is there no more."""
    changes: tuple[Change, ...] = ()
    revision: Revision | None = None
    """To be stored; its evidence is the look's."""
    refresh: Revision | None = None
    """The current revision with facts that are no edit (stamps, recipe) brought up to date."""
    reread: tuple[Revision, ...] = ()
    """Earlier revisions as the present recipe reads them, so that a diff compares like with like."""
    suspect: Suspect | None = None
    seen_at: datetime | None = None
    """Set where the look saw the state that is current after it: the content, or that a withdrawn release is gone."""
    look_again: timedelta | None = None
    """A confirming look is wanted this soon."""
    ask_release: int | None = None
    """Release id: whether that one still stands where it stood is to be seen now."""
    ask_listings: bool = False
    """The source's listings may know where the release went: they are to be looked at now."""
    failed: Failed | None = None
    note: str = ""
    """One sentence: why this and nothing else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownListing:
    """What is known of a listing before a look."""

    url: str
    kind: ListingKind
    shapes: tuple[str, ...] = ()
    visited: bool = False
    """False before the first look that read it."""
    size: int = 0
    """Entries at the last believed look."""
    last_ok_at: datetime | None = None
    """The last look that was believed."""
    absent_at: datetime | None = None
    """The last look at the sitemap index that did not name it yet; None where it is no later child of one."""
    suspect: Suspect | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingOutcome:
    """What one look at a listing comes to."""

    entries: tuple[Entry, ...] = ()
    """Every entry that was believed. Storage adds the unknown ones as pending releases."""
    quiet: bool = False
    """The unknown ones are no news."""
    hinted: frozenset[str] = frozenset()
    """Identity keys of known releases that the listing says were touched: to be looked at now."""
    children: tuple[str, ...] = ()
    """Sitemaps to poll as listings of their own."""
    size: int | None = None
    """Entries at this look, where it is believed."""
    suspect: Suspect | None = None
    look_again: timedelta | None = None
    failed: Failed | None = None
    note: str = ""


# --- what is due ------------------------------------------------------------------------------------------------------


class Role(StrEnum):
    """What a polled page is."""

    LISTING = "listing"
    RELEASE = "release"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One newsroom that is watched."""

    name: str
    home: str
    time_zone: str = "UTC"
    """IANA name; times without a zone are read in it."""
    language: str | None = None
    every: timedelta | None = None
    """Never look at a listing later than this; None: the pace decides."""
    routes: tuple[str, ...] = ("console",)
    """Names of the channels that are told."""
    paused: bool = False
    profile: Profile = Profile()
    render: Render = Render.AUTO


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulse:
    """What pacing keeps of a page: how often and how lately it changed."""

    failures: int = 0
    """Failed looks in a row."""
    last_change_at: datetime | None = None
    """The newest of: last version seen, its stamp, its publication."""
    first_poll_at: datetime | None = None
    finds: int = 0
    """Edits seen (release), new entries seen (listing), since ``first_poll_at``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DuePage:
    """A page that is to be looked at now, as storage hands it out under a lease."""

    page_id: int
    role: Role
    url: str
    host: str
    source_id: int
    source: Source
    validators: Validators
    last_poll_at: datetime | None
    last_full_at: datetime | None
    """The last look that was answered with a body and not with 304."""
    due_at: datetime
    pulse: Pulse = field(default_factory=Pulse)
    site: Site = field(default_factory=Site)
