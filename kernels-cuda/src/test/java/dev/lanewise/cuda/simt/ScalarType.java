package dev.lanewise.cuda.simt;

/**
 * The scalar types of the subset. A value is kept in a long: an integer by its value (of unsigned
 * long long: its bits), a float by its 32 bits with the upper ones like the sign, a double by its
 * bits.
 */
public enum ScalarType implements SimtType {
  VOID("void", 0),
  BOOL("bool", 1),
  UCHAR("unsigned char", 1),
  SHORT("short", 2),
  USHORT("unsigned short", 2),
  INT("int", 4),
  UINT("unsigned int", 4),
  LLONG("long long", 8),
  ULLONG("unsigned long long", 8),
  FLOAT("float", 4),
  DOUBLE("double", 8);

  private final String text;
  private final int bytes;

  ScalarType(String text, int bytes) {
    this.text = text;
    this.bytes = bytes;
  }

  @Override
  public int bytes() {
    return bytes;
  }

  /** {@return whether it is float or double} */
  public boolean floating() {
    return this == FLOAT || this == DOUBLE;
  }

  /** {@return whether it is an integer type; bool is one} */
  public boolean integer() {
    return this != VOID && !floating();
  }

  /** {@return C's integer promotion of it} */
  ScalarType promoted() {
    return integer() && bytes < Integer.BYTES ? INT : this;
  }

  /** {@return the type in which C computes with operands of the two types} */
  static ScalarType common(ScalarType left, ScalarType right) {
    ScalarType a = left.promoted();
    ScalarType b = right.promoted();
    // From int on, the constants stand in the order of C's conversion ranks.
    return a.compareTo(b) >= 0 ? a : b;
  }

  @Override
  public long canonical(long bits) {
    return switch (this) {
      case VOID -> 0;
      case BOOL -> (bits & 0xff) != 0 ? 1 : 0;
      case UCHAR -> bits & 0xff;
      case SHORT -> (short) bits;
      case USHORT -> bits & 0xffff;
      case INT, FLOAT -> (int) bits;
      case UINT -> bits & 0xffff_ffffL;
      case LLONG, ULLONG, DOUBLE -> bits;
    };
  }

  /**
   * {@return whether an integer type holds each value of another, so that the canonical form of the
   * value is the same} For a target of 64 bits that holds for each source, as the bits stay.
   */
  boolean keeps(ScalarType source) {
    if (this == LLONG || this == ULLONG || this == source) {
      return true;
    }
    return switch (source) {
      case BOOL -> true;
      case UCHAR -> this != BOOL;
      case SHORT -> this == INT;
      case USHORT -> this == INT || this == UINT;
      default -> false;
    };
  }

  @Override
  public String toString() {
    return text;
  }
}
