"""Exhibits: the source's files and the reviewers' own, listed, never shown; downloaded only after a warning."""

from collections.abc import Iterator

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from reviewer.acts import dossiers
from reviewer.acts.drafting import CaseFile, files_of
from reviewer.acts.exhibits import Capture, add_exhibit
from reviewer.errors import ActError
from reviewer.files import SealedWriter, read_file
from reviewer.pages.forms import day, hex_value, text
from reviewer.pages.frame import find_case, head, offer_of
from reviewer.station import Station
from reviewer.store import letters
from reviewer.store import log as store
from wire.content import ExhibitAdded, parse_content


def make_blueprint(station: Station) -> Blueprint:
    """Return the exhibits of a case."""
    exhibits = Blueprint("exhibits", __name__)

    @exhibits.get("/cases/<case_id>/exhibits")
    def show(case_id: str) -> str:
        with station.hand().look() as look:
            case = find_case(look, case_id)
            own = {entry.content.sha256: (look.label(entry.author), entry.content) for entry in case.exhibits}
            leaving = [parse_content(body) for body in store.outgoing_of(look.connection, case.id, "exhibit")]
            return render_template(
                "exhibits.html",
                head=head(look, case),
                files=files_of(look, case),
                own=own,
                leaving=[content for content in leaving if isinstance(content, ExhibitAdded)],
                label=look.label(look.desk.id),
                offer=offer_of(look, case),
            )

    @exhibits.post("/cases/<case_id>/fetch")
    def fetch(case_id: str) -> AnyResponse:
        with station.hand().work() as work:
            letters.keep_files(work.connection, work.case(hex_value(case_id, 16)).id)
        return redirect(url_for("exhibits.show", case_id=case_id), 303)

    @exhibits.post("/cases/<case_id>/exhibits")
    def add(case_id: str) -> AnyResponse:
        upload = request.files.get("file")
        stream: object = None if upload is None else upload.stream
        if upload is None or not isinstance(stream, SealedWriter):
            raise ActError("choose a file first")
        capture = Capture(text("captured_by"), day("captured_on"), text("taken_from"), text("how"))
        name, kind = upload.filename or "", upload.mimetype
        add_exhibit(station.hand(), hex_value(case_id, 16), name, kind, stream, capture)
        return redirect(url_for("exhibits.show", case_id=case_id), 303)

    _add_file(exhibits, station)
    return exhibits


def _add_file(exhibits: Blueprint, station: Station) -> None:
    def find(case_id: str, sha256: str) -> CaseFile:
        with station.hand().look() as look:
            wanted = hex_value(sha256, 32)
            for file in files_of(look, find_case(look, case_id)):
                if file.sha256 == wanted:
                    return file
        raise ActError("there is no such file in the case")

    @exhibits.get("/cases/<case_id>/files/<sha256>")
    def file(case_id: str, sha256: str) -> str:
        found = find(case_id, sha256)
        with station.hand().look() as look:
            return render_template("file.html", head=head(look, find_case(look, case_id)), file=found)

    @exhibits.post("/cases/<case_id>/files/<sha256>/download")
    def download(case_id: str, sha256: str) -> Response:
        found = find(case_id, sha256)
        vault = station.hand().desk.vault
        with vault.read() as connection:
            stored = letters.file_of(connection, hex_value(case_id, 16), found.sha256)
        if stored is None:
            raise ActError("the file has not reached this vault yet; sync and try again")
        content: Iterator[bytes] = read_file(vault, stored)
        answer = Response(content, mimetype="application/octet-stream")
        answer.content_length = stored.length
        # A name of our own: what a source called it could be made to be opened by itself.
        answer.headers["Content-Disposition"] = f'attachment; filename="exhibit-{sha256[:16]}.bin"'
        answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
        return answer

    @exhibits.post("/cases/<case_id>/files/<sha256>/release")
    def release(case_id: str, sha256: str) -> AnyResponse:
        wanted = find(case_id, sha256).sha256
        proposal = dossiers.propose_release(station.hand(), hex_value(case_id, 16), wanted, text("reason"))
        return redirect(url_for("dossiers.proposal", case_id=case_id, proposal=proposal.hex()), 303)
