"""Load on a server of this machine, for a bounded time: ``python -m tests.web.load URL --seconds 30 --clients 50``."""

import argparse
import threading
import time
from urllib.parse import urlsplit

import requests


def load(url: str, seconds: float, clients: int) -> tuple[int, list[str]]:
    """Log in and open the protected page over and over; return how often, and what went wrong."""
    host = urlsplit(url).hostname or ""
    if not (host.startswith("127.") or host in ("localhost", "::1")):
        raise SystemExit("only a server of this machine is put under load")
    end = time.monotonic() + seconds
    done = [0] * clients
    failures: list[str] = []

    def client(number: int) -> None:
        with requests.Session() as session:
            while time.monotonic() < end:
                try:
                    form = {"username": f"user{number}", "password": "x"}
                    token = session.post(f"{url}/login", data=form, timeout=30).json()["token"]
                    bearer = {"Authorization": f"Bearer {token}"}
                    seen = session.get(f"{url}/protected", headers=bearer, timeout=30)
                    if seen.json()["claims"]["sub"] != form["username"]:
                        failures.append("somebody else's claims")
                    done[number] += 1
                except (requests.RequestException, KeyError, ValueError) as error:
                    failures.append(type(error).__name__)

    threads = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done), failures


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--clients", type=int, default=50)
    asked = parser.parse_args()
    rounds, wrong = load(asked.url, min(asked.seconds, 300), min(asked.clients, 200))
    print(f"{rounds} rounds, {len(wrong)} failures {sorted(set(wrong))}")
