package dev.lanewise.cuda.simt;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * The names that mean something at a place in the text. Inner blocks hide the names of outer ones.
 */
final class Scope {
  /** What a name means. */
  sealed interface Symbol permits OfVariable, OfArray, OfType, OfFunctions {}

  record OfVariable(Variable variable) implements Symbol {}

  /** An array and its number among those of the program. */
  record OfArray(DeviceArray array, int number) implements Symbol {}

  record OfType(ScalarType type) implements Symbol {}

  /** A name that functions have; which ones, the program knows. */
  record OfFunctions() implements Symbol {}

  private final Deque<Map<String, Symbol>> levels = new ArrayDeque<>();

  Scope() {
    enter();
  }

  void enter() {
    levels.push(new HashMap<>());
  }

  void leave() {
    levels.pop();
  }

  /** {@return what a name means here, or null} */
  Symbol find(String name) {
    for (Map<String, Symbol> level : levels) {
      Symbol symbol = level.get(name);
      if (symbol != null) {
        return symbol;
      }
    }
    return null;
  }

  void declare(Token name, Symbol symbol) {
    if (levels.element().putIfAbsent(name.text(), symbol) != null) {
      throw new SimtSyntaxException(name.line(), name + " is declared twice in one block");
    }
  }
}
