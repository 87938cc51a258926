"""What the programs have in common: they say which step they are at, and wait without a limit, since who starts them has one."""

import time


class Cycle:
    """Says on standard output which step of a full cycle is next, so that the reader knows how far the program came."""

    def step(self, name):
        print(name, flush=True)

    def end(self):
        print("end", flush=True)

    def fails(self, call, code):
        """Whether a call fails with a code of the API's; another failure is the program's own."""
        try:
            call()
        except Exception as error:
            if code_of(error) == code:
                return True
            raise
        return False

    def refused(self, call, code):
        """A call has to be refused with a code of the API's, as the SDK's own exception."""
        assert self.fails(call, code), f"The call was not refused with {code}."


def code_of(error):
    """The API's code in an exception, which each SDK keeps under a name of its own."""
    for name in ("code", "error_code"):
        code = getattr(error, name, None)
        if code:
            return code
    get_error_code = getattr(error, "get_error_code", None)
    return get_error_code() if get_error_code else None


def wait_until(done, failed=lambda: False):
    """Asks until something is done; who runs the program ends it where that takes too long."""
    while not done():
        assert not failed(), "It failed."
        time.sleep(0.2)
