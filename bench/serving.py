"""How the benchmarks' stand-ins serve: at a free port, which is in a file once it answers, until SIGTERM or Ctrl-C."""

import asyncio
import signal

from aiohttp import web


async def serve(application, port_file):
    runner = web.AppRunner(application, access_log=None, handler_cancellation=True)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port_file.with_suffix(".partial").write_text(str(site._server.sockets[0].getsockname()[1]))
    port_file.with_suffix(".partial").replace(port_file)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await stop.wait()
    await runner.cleanup()
