package dev.lanewise.cuda.simt;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The functions of a program and of CUDA by their names, and which of them a call means. */
final class Overloads {
  private final Map<String, List<Function>> functions = new HashMap<>();

  /** Notes a function from its head on, so that a call in its own text is told. */
  void declare(Token name, Function function) {
    if (Builtin.named(name.text()) != null) {
      throw new SimtSyntaxException(name.line(), name + " is a function of CUDA");
    }
    List<Function> others = functions.computeIfAbsent(name.text(), n -> new ArrayList<>());
    for (Function other : others) {
      if (other.types().equals(function.types()) || other.kernel() || function.kernel()) {
        throw new SimtSyntaxException(name.line(), function + " is defined twice");
      }
    }
    others.add(function);
  }

  Node call(Token name, List<Node> arguments) {
    for (Node argument : arguments) {
      if (argument.type == ScalarType.VOID) {
        throw new SimtSyntaxException(name.line(), "an argument of " + name + " is void");
      }
    }
    List<Function> own = functions.get(name.text());
    return own != null
        ? call(own, name, arguments)
        : call(Builtin.named(name.text()), name, arguments, name.line());
  }

  private static Node call(List<Function> candidates, Token name, List<Node> arguments) {
    Function found = find(candidates, name, arguments);
    if (found.kernel()) {
      throw new SimtSyntaxException(
          name.line(), name + " is a kernel, which is launched, not called");
    }
    if (found.body == null) {
      throw new SimtSyntaxException(name.line(), "recursion is outside the subset: " + name);
    }
    Node[] converted = new Node[arguments.size()];
    for (int i = 0; i < converted.length; i++) {
      converted[i] = Typing.convert(arguments.get(i), found.parameters.get(i).type, name.line());
    }
    return new Call(found, converted, name.line());
  }

  private static Function find(List<Function> candidates, Token name, List<Node> arguments) {
    for (boolean promote : new boolean[] {false, true}) {
      for (Function candidate : candidates) {
        if (fits(candidate.types(), arguments, promote)) {
          return candidate;
        }
      }
    }
    if (candidates.size() > 1) {
      // Those that differ from an exact fit by the const of what a pointer points to.
      List<Function> more =
          candidates.stream().filter(c -> fitsByConst(c.types(), arguments)).toList();
      if (more.size() == 1) {
        return more.getFirst();
      }
    } else if (candidates.getFirst().parameters.size() == arguments.size()) {
      return candidates.getFirst();
    }
    throw none(name, arguments, candidates);
  }

  private static Node call(List<Builtin> candidates, Token name, List<Node> arguments, int line) {
    if (candidates == null) {
      throw new SimtSyntaxException(
          line,
          TokenStream.reserved(name.text())
              ? name + " is outside the subset"
              : name + " is no function that is known here");
    }
    Builtin found = null;
    for (boolean promote : new boolean[] {false, true}) {
      for (Builtin candidate : candidates) {
        if (found == null && fits(candidate.parameters(), arguments, promote)) {
          found = candidate;
        }
      }
    }
    if (found == null
        && candidates.size() == 1
        && takesIntegers(candidates.getFirst(), arguments)) {
      found = candidates.getFirst();
    }
    if (found == null) {
      throw none(name, arguments, candidates);
    }
    Node[] converted = new Node[arguments.size()];
    for (int i = 0; i < converted.length; i++) {
      converted[i] = Typing.convert(arguments.get(i), found.parameters().get(i), line);
    }
    return new BuiltinCall(found, converted, line);
  }

  /** A function that has no overloads takes other integers for its integers, as C does. */
  private static boolean takesIntegers(Builtin candidate, List<Node> arguments) {
    return all(
        arguments,
        candidate.parameters(),
        (type, parameter) ->
            type.equals(parameter)
                || type instanceof ScalarType t
                    && t.integer()
                    && ((ScalarType) parameter).integer());
  }

  private static boolean fits(
      List<? extends SimtType> parameters, List<Node> arguments, boolean promote) {
    return all(
        arguments,
        parameters,
        (type, parameter) ->
            type.equals(parameter)
                || promote && type instanceof ScalarType t && t.promoted() == parameter);
  }

  private static boolean fitsByConst(List<? extends SimtType> parameters, List<Node> arguments) {
    return all(
        arguments,
        parameters,
        (type, parameter) ->
            type.equals(parameter)
                || type instanceof ScalarType t && t.promoted() == parameter
                || type instanceof PointerType p
                    && parameter instanceof PointerType q
                    && p.target() == q.target()
                    && q.readOnly());
  }

  private interface Match {
    boolean test(SimtType argument, SimtType parameter);
  }

  private static boolean all(
      List<Node> arguments, List<? extends SimtType> parameters, Match match) {
    if (arguments.size() != parameters.size()) {
      return false;
    }
    for (int i = 0; i < arguments.size(); i++) {
      if (!match.test(arguments.get(i).type, parameters.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static SimtSyntaxException none(Token name, List<Node> arguments, List<?> candidates) {
    String types =
        arguments.stream().map(a -> a.type.toString()).collect(Collectors.joining(", ", "(", ")"));
    return new SimtSyntaxException(
        name.line(),
        name
            + " is not known for "
            + types
            + "; there is "
            + candidates.stream().map(Object::toString).collect(Collectors.joining(", ")));
  }
}
