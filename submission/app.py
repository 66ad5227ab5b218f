"""The application of the intake."""

from flask import Flask

from submission import (
    api,
    drain,
    error_pages,
    headers,
    hosts,
    language,
    letter,
    limits,
    links,
    mailbox,
    offline,
    page,
    pages,
    part,
    shelf,
    tip,
)
from submission.arrival import Arrival
from submission.chores import CHORES
from submission.codenames import Derivation
from submission.config import Config
from submission.counters import Allowance, Counters
from submission.database import open_database
from submission.keys import Keys
from submission.order import ORDER
from submission.store import Store


def create_app(config: Config) -> Flask:
    """Return the intake for one state folder, after overwriting what an abort or a kill left in it.

    Args:
        config: the settings; the folder must have been made by `submission.setup.init`.
    """
    app = Flask(__name__, static_folder=None)
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    # Flask would write a traceback, which can hold what was sent, and redirect to an address with the name asked for.
    app.logger.disabled = True
    app.url_map.merge_slashes = False
    app.jinja_env.trim_blocks = True
    engine = open_database(config.state)
    store, keys = Store(config, engine), Keys(config, engine)
    store.expire()
    app.extensions[CHORES] = (store.expire,)
    app.extensions[ORDER] = store.order
    app.jinja_env.globals["takes_files"] = store.takes_files
    derivation = Derivation()
    arrival = Arrival(store, derivation)
    app.register_blueprint(pages.make_blueprint(keys))
    app.register_blueprint(tip.make_blueprint(config, arrival, keys))
    app.register_blueprint(mailbox.make_blueprint(config, store, keys, derivation))
    app.register_blueprint(shelf.make_blueprint(store, keys))
    app.register_blueprint(letter.make_blueprint(config, store, keys))
    app.register_blueprint(offline.make_blueprint(keys))
    app.register_blueprint(page.make_blueprint())
    app.register_blueprint(part.make_blueprint(store, keys))
    app.register_blueprint(api.make_blueprint(store, keys, Counters(engine), Allowance(config.today)))
    # The last one registered runs first: a form is drained before headers are put on its answer.
    headers.install(app)
    drain.install(app)
    language.install(app)
    links.install(app)
    page.install(app, config, keys)
    hosts.install(app, config)
    limits.install(app, config)
    error_pages.install(app)
    return app
