"""`penholder serve`: the site of the authority, by waitress."""

from __future__ import annotations

import errno
import signal
import socket
import sys
from threading import Event, Thread
from typing import Any

import click

from penholder.cli.casework import start
from penholder.kernel.errors import ConfigurationError

HOST = "127.0.0.1"


@click.command("serve", epilog="Example: penholder serve --port 8000")
@click.option("--port", type=click.IntRange(1, 65_535), default=8000, show_default=True)
@click.option("--host", default=HOST, show_default=True, help="Address to listen on; a proxy stands before it.")
@click.option("--threads", type=click.IntRange(1, 64), default=4, show_default=True)
@click.option("--trusted-proxy", metavar="ADDRESS", help="A proxy whose X-Forwarded-Proto and -For are believed.")
@click.option("--no-worker", is_flag=True, help="Leave reactions and jobs to `penholder work`.")
def command(port: int, *, host: str, threads: int, trusted_proxy: str | None, no_worker: bool) -> None:
    """Serve the site and the API. In development (see penholder.toml) a thread does the work of `penholder work`.

    /healthz answers 200 while the database answers.
    """
    check_can_listen(host, port)
    home = start()
    from penholder.custody.in_use import using  # noqa: PLC0415
    from penholder.custody.selfcheck import check_up_to_date  # noqa: PLC0415

    check_up_to_date()
    with using(home.path):
        run(
            host=host,
            port=port,
            threads=threads,
            trusted_proxy=trusted_proxy,
            works=home.configuration.environment == "development" and not no_worker,
        )


def check_can_listen(host: str, port: int) -> None:
    """Raises: ConfigurationError: something else listens there, or it is no address of this machine."""
    try:
        for family, kind, protocol, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            with socket.socket(family, kind, protocol) as tried:
                tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server does
                tried.bind(address)
                tried.listen(1)
    except OSError as error:
        why = {
            errno.EADDRINUSE: "something else listens there already",
            errno.EACCES: "this user may not take this port",
            errno.EADDRNOTAVAIL: "this machine has no such address",
        }.get(
            error.errno or 0,
            "there is no such address" if isinstance(error, socket.gaierror) else "it was refused",
        )
        raise ConfigurationError(
            f"{host}:{port} cannot be listened on: {why}",
            hint="name another one with --port (1 to 65535) or --host, or stop what listens there",
        ) from error


def run(*, host: str, port: int, threads: int = 4, trusted_proxy: str | None = None, works: bool = True) -> None:
    """Serve until the process is told to stop. Needs Django set up."""
    import waitress  # noqa: PLC0415
    from django.conf import settings  # noqa: PLC0415
    from django.core.wsgi import get_wsgi_application  # noqa: PLC0415
    from django.utils.module_loading import import_string  # noqa: PLC0415

    from penholder.custody.worker import work_until  # noqa: PLC0415

    import_string("penholder.site.static_files.collect")()  # by name: site and cli stand side by side
    application = get_wsgi_application()
    stop = Event()
    worker = Thread(target=work_until, args=(stop,), name="worker", daemon=True)
    if works:
        worker.start()
    signal.signal(signal.SIGTERM, _leave)
    given: dict[str, Any] = {"host": host, "port": port, "threads": threads, "ident": None}
    if trusted_proxy:
        # The address of the client counts for the limits of signing in; without it all would share the proxy's.
        headers = "x-forwarded-proto x-forwarded-for"
        given |= {"trusted_proxy": trusted_proxy, "trusted_proxy_headers": headers}
    if settings.PENHOLDER_KEEPS_DAYS:
        # What is sent and answered stays in memory: nothing of a request is put into a file, even for a moment. So
        # what is larger than any form or file may be is refused by its announced length, before it is read.
        given |= {"inbuf_overflow": 1 << 26, "outbuf_overflow": 1 << 26, "max_request_body_size": 1 << 25}
    click.echo(f"serving http://{host}:{port}/ (stop with Ctrl-C)", err=True)
    try:
        waitress.serve(application, clear_untrusted_proxy_headers=True, **given)
    finally:
        stop.set()
        if works:
            worker.join(timeout=10)


def _leave(*_: object) -> None:
    sys.exit(0)
