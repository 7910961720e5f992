package dev.lanewise.graph;

import dev.lanewise.kernel.Backend;
import java.util.ArrayList;
import java.util.List;

/**
 * What a graph does, as a list of kernel calls: immutable, made by tracing and by passes.
 *
 * @param backend who computes
 * @param inputs what whoever runs it gives, in order; whole, in the order of memory
 * @param instructions the calls, in order
 * @param outputs what a run returns
 * @param steps what happens before the first call
 * @param buffers one more than the highest number of a buffer
 */
public record Program(
    Backend backend,
    List<View> inputs,
    List<KernelCall> instructions,
    List<View> outputs,
    List<HostStep> steps,
    int buffers) {

  /** Keeps copies of the lists. */
  public Program {
    inputs = List.copyOf(inputs);
    instructions = List.copyOf(instructions);
    outputs = List.copyOf(outputs);
    steps = List.copyOf(steps);
  }

  /** {@return how many calls of kernels it lists, those of its parts counted once} */
  int calls() {
    int calls = 0;
    for (KernelCall instruction : instructions) {
      if (instruction.op() instanceof FlowOp flow) {
        calls += flow.parts().stream().mapToInt(part -> part.program().calls()).sum();
      } else {
        calls++;
      }
    }
    return calls;
  }

  /** {@return the same with other inputs} */
  Program given(List<View> others) {
    return new Program(backend, others, instructions, outputs, steps, buffers);
  }

  /** {@return the same with other instructions} */
  Program with(List<KernelCall> others) {
    return new Program(backend, inputs, others, outputs, steps, buffers);
  }

  /** {@return the same with other instructions and outputs} */
  Program with(List<KernelCall> others, List<View> results) {
    return new Program(backend, inputs, others, results, steps, buffers);
  }

  /** {@return the program as text: a line for each input, host step, call and output} */
  @Override
  public String toString() {
    List<String> lines = new ArrayList<>();
    inputs.forEach(input -> lines.add("input  " + input));
    steps.forEach(step -> lines.add("host   " + step));
    for (KernelCall instruction : instructions) {
      boolean isStep = instruction.op() instanceof FlowOp.Host;
      lines.add(isStep ? "host   " + instruction.op() : "       " + instruction);
      if (instruction.op() instanceof FlowOp flow) {
        for (Part part : flow.parts()) {
          lines.add(part.listing(instruction.ins()).indent(9).stripTrailing());
        }
      }
    }
    outputs.forEach(output -> lines.add("output " + output));
    return String.join("\n", lines) + "\n";
  }
}
