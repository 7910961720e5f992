package dev.lanewise.autodiff;

import java.util.OptionalInt;

/** Reads indices as Python writes them. */
final class IndexText {
  private IndexText() {}

  static Index[] parse(String text) {
    String[] words = text.split(",", -1);
    Index[] indices = new Index[words.length];
    for (int i = 0; i < words.length; i++) {
      indices[i] = index(words[i].strip(), text);
    }
    return indices;
  }

  private static Index index(String word, String text) {
    return switch (word) {
      case "..." -> Index.ELLIPSIS;
      case "None", "newaxis" -> Index.NEW_AXIS;
      default -> word.contains(":") ? slice(word, text) : Index.of(number(word, text));
    };
  }

  private static Index slice(String word, String text) {
    String[] bounds = word.split(":", -1);
    if (bounds.length > 3) {
      throw wrong(word, text);
    }
    boolean hasStep = bounds.length == 3 && !bounds[2].isBlank();
    int step = hasStep ? number(bounds[2], text) : 1;
    return new Index.Slice(bound(bounds[0], text), bound(bounds[1], text), step);
  }

  private static OptionalInt bound(String word, String text) {
    return word.isBlank() ? OptionalInt.empty() : OptionalInt.of(number(word, text));
  }

  private static int number(String word, String text) {
    try {
      return Integer.parseInt(word.strip());
    } catch (NumberFormatException _) {
      throw wrong(word, text);
    }
  }

  private static IllegalArgumentException wrong(String word, String text) {
    return new IllegalArgumentException(
        "index: '"
            + word
            + "' in '"
            + text
            + "' is no integer, no range as 1:-1:2, not '...' and not 'None'");
  }
}
