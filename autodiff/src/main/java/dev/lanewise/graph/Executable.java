package dev.lanewise.graph;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
import dev.lanewise.array.Shape;
import dev.lanewise.array.Storage;
import dev.lanewise.kernel.Backend;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A program with the memory that it runs in: every array of every call is made beforehand. */
final class Executable {
  /** A place in a call's arguments that shows an input of the run. */
  private record Slot(NdArray[] arrays, int index, View view) {}

  private final Program program;
  private final Backend backend;
  private final HostStep[] steps;
  private final Runnable[] calls;
  private final List<List<Slot>> slots = new ArrayList<>();
  private final NdArray[] bound;
  private final NdArray[] outputs;
  private final Storage[] changed;
  private final boolean[] writesInput;
  private final MemoryPlan memory;

  Executable(Program program) {
    this.program = program;
    this.backend = program.backend();
    this.memory = MemoryPlan.of(program);
    Map<Buffer, NdArray> arrays = Scope.outside(this::arrays);
    for (int i = 0; i < program.inputs().size(); i++) {
      slots.add(new ArrayList<>());
    }
    this.bound = new NdArray[program.inputs().size()];
    this.writesInput = new boolean[bound.length];
    List<Runnable> bodies = new ArrayList<>();
    Set<Storage> written = new LinkedHashSet<>();
    for (KernelCall call : program.instructions()) {
      NdArray[] outs = operands(call.outs(), arrays);
      NdArray[] ins = operands(call.ins(), arrays);
      bodies.add(call.op().bind(backend, outs, ins));
      for (View view : call.writes()) {
        if (view.buffer().is(Buffer.Role.INPUT)) {
          writesInput[inputOf(view.buffer())] = true;
        }
        if (view.buffer().is(Buffer.Role.CAPTURED)) {
          written.add(view.buffer().array().storage());
        }
      }
    }
    this.changed = written.toArray(Storage[]::new);
    this.calls = bodies.toArray(Runnable[]::new);
    this.steps = program.steps().toArray(HostStep[]::new);
    this.outputs = operands(program.outputs(), arrays);
  }

  private Map<Buffer, NdArray> arrays() {
    Storage block =
        NdArray.uninitialized(
                backend,
                DType.F64,
                Shape.of(Math.toIntExact(Math.max(1, memory.byteSize() / Double.BYTES))))
            .storage();
    Map<MemoryPlan.Place, Storage> parts = new HashMap<>();
    Map<Buffer, NdArray> arrays = new HashMap<>();
    memory
        .places()
        .forEach(
            (buffer, place) -> {
              Storage part =
                  parts.computeIfAbsent(place, p -> block.part(p.offset(), p.byteSize()));
              arrays.put(buffer, NdArray.over(part, buffer.dtype(), buffer.row()));
            });
    return arrays;
  }

  private NdArray[] operands(List<View> views, Map<Buffer, NdArray> arrays) {
    NdArray[] operands = new NdArray[views.size()];
    for (int i = 0; i < operands.length; i++) {
      View view = views.get(i);
      if (view == null) {
        continue;
      }
      switch (view.buffer().role()) {
        case INPUT -> slots.get(inputOf(view.buffer())).add(new Slot(operands, i, view));
        case CAPTURED, CONSTANT -> operands[i] = view.buffer().array().view(view.layout());
        case TEMPORARY -> operands[i] = arrays.get(view.buffer()).view(view.layout());
      }
    }
    return operands;
  }

  private int inputOf(Buffer buffer) {
    for (int i = 0; i < program.inputs().size(); i++) {
      if (program.inputs().get(i).buffer() == buffer) {
        return i;
      }
    }
    throw new AssertionError(buffer + " is no input");
  }

  /** Makes calls read an input from an array, which lies without gaps. */
  void bind(int input, NdArray array) {
    NdArray before = bound[input];
    if (before != null
        && before.storage() == array.storage()
        && before.layout().offset() == array.layout().offset()) {
      return;
    }
    bound[input] = array;
    for (Slot slot : slots.get(input)) {
      slot.arrays[slot.index] = array.view(slot.view.layout().shifted(array.layout().offset()));
    }
  }

  /** Lets go of the inputs. */
  void unbind() {
    for (int i = 0; i < bound.length; i++) {
      bound[i] = null;
      for (Slot slot : slots.get(i)) {
        slot.arrays[slot.index] = null;
      }
    }
    for (Runnable call : calls) {
      if (call instanceof FlowOp.Call flow) {
        flow.unbind();
      }
    }
  }

  /** Runs the program on what is bound. */
  void run() {
    for (HostStep step : steps) {
      step.run();
    }
    for (Runnable call : calls) {
      call.run();
    }
  }

  /** {@return an output, in memory that the next run writes over} */
  NdArray output(int index) {
    return outputs[index];
  }

  /** {@return how many outputs there are} */
  int outputs() {
    return outputs.length;
  }

  /** {@return whether a run writes into an input} */
  boolean writesInput(int input) {
    return writesInput[input];
  }

  /** {@return whether a run writes into some memory of the program} */
  boolean changes(Storage storage) {
    return Arrays.asList(changed).contains(storage);
  }

  /** Throws if memory of the program that a run writes was freed. */
  void requireAlive() {
    for (Storage storage : changed) {
      storage.requireAlive("run: a tensor that the graph captured");
    }
  }

  MemoryPlan memory() {
    return memory;
  }
}
