package dev.lanewise.kernel;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
import dev.lanewise.array.Shape;

/** Calls that must be refused. */
final class Refusals {
  private Refusals() {}

  /**
   * Fails unless a call throws an error that names the operation, and has written nothing.
   *
   * @param operation how the error's text must begin
   * @param call the call
   * @param arrays what must be as before
   */
  static void refused(String operation, Runnable call, Placed... arrays) {
    String message = message(operation, call);
    if (!message.startsWith(operation + ":")) {
      throw new AssertionError(
          operation + ": the error should begin with the operation's name but is: " + message);
    }
    for (Placed array : arrays) {
      array.assertUnchanged(operation + " (" + message + ")");
    }
  }

  private static String message(String operation, Runnable call) {
    try {
      call.run();
    } catch (IllegalArgumentException | IllegalStateException e) {
      return String.valueOf(e.getMessage());
    }
    throw new AssertionError(operation + ": a wrong call was accepted");
  }

  /** {@return an array whose scope has closed} */
  static NdArray dead(Backend backend, DType dtype, int... dims) {
    try (Scope _ = Scope.open("gone")) {
      return backend.uninitialized(dtype, Shape.of(dims));
    }
  }

  /** Fails unless a call that is given a {@link #dead} array says which scope freed it. */
  static void refusedAsDead(String operation, Runnable call, Placed... arrays) {
    refused(operation, call, arrays);
    String message = message(operation, call);
    if (!message.contains("'gone'")) {
      throw new AssertionError(
          operation + ": the error should name the closed scope but is: " + message);
    }
  }
}
