package dev.lanewise.simd;

/**
 * A call made ready: all that depends on its geometry alone, and the objects that running it needs.
 * It serves one call at a time, and between calls holds none of their arrays.
 */
abstract class Plan {
  private final Signature signature;

  /**
   * For a subclass.
   *
   * @param call what it is planned by
   */
  Plan(Signature call) {
    this.signature = call.copy();
  }

  final Signature signature() {
    return signature;
  }
}
