package dev.lanewise.cuda.simt;

/**
 * A pointer: an address of 64 bits.
 *
 * @param target the type of what lies there; void for any
 * @param readOnly whether what lies there must not be written (const)
 */
public record PointerType(ScalarType target, boolean readOnly) implements SimtType {
  @Override
  public int bytes() {
    return Long.BYTES;
  }

  @Override
  public long canonical(long bits) {
    return bits;
  }

  @Override
  public String toString() {
    return (readOnly ? "const " : "") + target + "*";
  }
}
