package dev.lanewise.graph;

import dev.lanewise.array.NdArray;
import java.util.List;

/**
 * A function that is called within a program, as a program of its own.
 *
 * @param label what it is for, as listings say
 * @param program its calls; its inputs are what each call is given, then memory of the outside
 * @param places where in the operands of the call around it the memory of the outside is
 */
public record Part(String label, Program program, List<Integer> places) {

  /** Keeps a copy of the list. */
  public Part {
    places = List.copyOf(places);
  }

  /** {@return whether calling it does something beside computing} */
  boolean acts() {
    return !program.steps().isEmpty()
        || program.instructions().stream().anyMatch(call -> call.op().acts());
  }

  /** {@return what runs it} */
  Body bind(int given) {
    return new Body(this, given);
  }

  /**
   * {@return its listing, in which memory of the outside has the name that it has there, too}
   *
   * @param operands those of the call around it
   */
  String listing(List<View> operands) {
    StringBuilder text = new StringBuilder(label).append(":\n");
    List<String> lines = program.toString().lines().toList();
    int given = program.inputs().size() - places.size();
    for (int i = 0; i < lines.size(); i++) {
      text.append("  ").append(lines.get(i));
      if (i >= given && i < given + places.size()) {
        text.append(" is ").append(operands.get(places.get(i - given)).buffer());
      }
      text.append("\n");
    }
    return text.toString();
  }

  /** The function with the memory that it runs in. */
  static final class Body {
    private final Executable executable;
    private final int[] places;
    private final int given;

    private Body(Part part, int given) {
      this.executable = new Executable(part.program);
      this.places = part.places.stream().mapToInt(Integer::intValue).toArray();
      this.given = given;
    }

    /** Sets what the next runs are given in one place. */
    void give(int input, NdArray array) {
      executable.bind(input, array);
    }

    /** Runs it on memory of the outside. */
    void run(NdArray... operands) {
      for (int i = 0; i < places.length; i++) {
        executable.bind(given + i, operands[places[i]]);
      }
      executable.run();
    }

    int outputs() {
      return executable.outputs();
    }

    NdArray output(int index) {
      return executable.output(index);
    }

    void unbind() {
      executable.unbind();
    }
  }
}
