package dev.sampan.clients;

import java.util.concurrent.Callable;
import java.util.function.Predicate;

/** What the programs have in common: they say which step they are at, and wait without a limit, since who starts them has one. */
final class Cycle {
  private Cycle() {}

  /** A setting of the program, from its environment. */
  static String setting(String name) {
    return System.getenv(name);
  }

  /** Says on standard output which step of a full cycle is next, so that the reader knows how far the program came. */
  static void step(String name) {
    System.out.println(name);
  }

  static void check(boolean holds, Object what) {
    if (!holds) throw new AssertionError(what);
  }

  /** Asks until something is done. */
  static void waitUntil(Callable<Boolean> done) throws Exception {
    while (!done.call()) Thread.sleep(200);
  }

  /** Whether a call fails as it should; another failure is the program's own. */
  static boolean fails(Callable<?> call, Predicate<Exception> expected) throws Exception {
    try {
      call.call();
      return false;
    } catch (Exception error) {
      if (expected.test(error)) return true;
      throw error;
    }
  }
}
