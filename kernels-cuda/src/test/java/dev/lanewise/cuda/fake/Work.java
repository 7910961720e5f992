package dev.lanewise.cuda.fake;

/**
 * A piece of work of a stream.
 *
 * @param what the call that asked for it
 * @param action does it; can do it several times, where a graph repeats it
 */
record Work(String what, Runnable action) {

  /**
   * Does it.
   *
   * @throws WorkFault if it can not be done
   */
  void run() {
    try {
      action.run();
    } catch (WorkFault nested) {
      throw nested;
    } catch (RuntimeException e) {
      throw new WorkFault(what, e);
    }
  }
}
