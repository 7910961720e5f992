package dev.lanewise.cuda.simt;

/**
 * A word, number or sign of a program.
 *
 * @param text as it stands in the program; empty at the end
 */
record Token(Kind kind, String text, int line) {
  enum Kind {
    NAME,
    NUMBER,
    STRING,
    SIGN,
    END
  }

  boolean is(String expected) {
    return text.equals(expected) && (kind == Kind.SIGN || kind == Kind.NAME);
  }

  @Override
  public String toString() {
    return kind == Kind.END ? "the end of the text" : "'" + text + "'";
  }
}
