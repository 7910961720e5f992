package dev.lanewise.graph;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** From which instruction to which a program needs the numbers of each temporary. */
final class Liveness {
  /**
   * A stretch of instructions.
   *
   * @param first where the buffer is written first
   * @param last where it is needed last; behind the last instruction if a run returns it
   */
  record Span(int first, int last) {
    boolean meets(Span other) {
      return first <= other.last && other.first <= last;
    }

    Span and(Span other) {
      return new Span(Math.min(first, other.first), Math.max(last, other.last));
    }
  }

  private Liveness() {}

  /** {@return the spans of all temporaries of a program, in the order of their first use} */
  static Map<Buffer, Span> of(Program program) {
    Map<Buffer, Span> spans = new LinkedHashMap<>();
    List<KernelCall> instructions = program.instructions();
    for (int i = 0; i < instructions.size(); i++) {
      for (View view : instructions.get(i).writes()) {
        use(spans, view, i);
      }
      for (View view : instructions.get(i).reads()) {
        use(spans, view, i);
      }
    }
    for (View output : program.outputs()) {
      use(spans, output, instructions.size());
    }
    return spans;
  }

  private static void use(Map<Buffer, Span> spans, View view, int at) {
    if (view.buffer().is(Buffer.Role.TEMPORARY)) {
      spans.merge(view.buffer(), new Span(at, at), Span::and);
    }
  }
}
