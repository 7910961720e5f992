package dev.lanewise.graph;

import dev.lanewise.kernel.Expr;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Rematerialization: a result of an elementwise call or a copy that is in memory only because a
 * much later call reads it, as gradients do, is computed again just before that call. It is done
 * where a run needs the most memory, as long as that needs less; never to random numbers, products,
 * convolutions and rows, and never if what it was computed from is overwritten in between. The same
 * call of the same numbers gives the same bits.
 *
 * <p>It trades time for memory, so that it is no part of {@link Pass#DEFAULT} but of {@link
 * Pass#LOW_MEMORY}, after fusion: what one loop keeps to itself is in no memory that could be
 * saved.
 *
 * {@snippet :
 * Graph small = Graph.trace(step, List.of(x), Pass.LOW_MEMORY);
 * IO.println(small.report());       // the memory of the temporaries
 * }
 */
public final class Recompute implements Pass {
  /** How many calls are made again for one result: longer chains cost more than they are worth. */
  private static final int MOST_CALLS = 4;

  /** Makes the pass. */
  public Recompute() {}

  @Override
  public String name() {
    return "recomputation";
  }

  @Override
  public Program apply(Program program) {
    Program now = program;
    Need need = Need.of(now);
    Program best = now;
    long least = need.planned;
    // Each step lessens the need, so that there are finitely many; the bound is for the time.
    for (int step = 0; step < program.instructions().size(); step++) {
      Program next = improved(now, need);
      if (next == null) {
        break;
      }
      now = next;
      need = Need.of(now);
      if (need.planned < least) {
        best = now;
        least = need.planned;
      }
    }
    return best;
  }

  /**
   * The memory of a program.
   *
   * @param planned what its plan takes, gaps among it
   * @param most what is in use at the call that needs most
   * @param at that call
   * @param sum what is in use at all calls together
   */
  private record Need(long planned, long most, int at, long sum) {
    static Need of(Program program) {
      MemoryPlan plan = MemoryPlan.of(program);
      long[] used = plan.used(program.instructions().size());
      int at = 0;
      for (int i = 1; i < used.length; i++) {
        at = used[i] > used[at] ? i : at;
      }
      long most = used.length == 0 ? 0 : used[at];
      return new Need(plan.byteSize(), most, at, Arrays.stream(used).sum());
    }

    boolean isLessThan(Need other) {
      return most < other.most || most == other.most && sum < other.sum;
    }
  }

  /** {@return the program with one result computed again; {@code null} if none helps} */
  private static Program improved(Program program, Need need) {
    Map<Buffer, Liveness.Span> spans = Liveness.of(program);
    Uses uses = Uses.of(program.instructions(), program.outputs());
    List<Buffer> kept = new ArrayList<>();
    spans.forEach(
        (buffer, span) -> {
          boolean isReturned = span.last() == program.instructions().size();
          boolean isWrittenOnce = uses.onlyWriter(buffer) == span.first();
          if (span.first() < need.at && span.last() > need.at && isWrittenOnce && !isReturned) {
            kept.add(buffer);
          }
        });
    kept.sort(Comparator.comparingLong(Buffer::byteSize).reversed());
    for (Buffer buffer : kept) {
      Program next = new Again(program, spans, uses).replaced(buffer, need.at);
      if (next != null && Need.of(next).isLessThan(need)) {
        return next;
      }
    }
    return null;
  }

  /** One result that is computed again. */
  private static final class Again {
    private final Program program;
    private final List<KernelCall> list;
    private final Map<Buffer, Liveness.Span> spans;
    private final Uses uses;
    private final List<KernelCall> calls = new ArrayList<>();
    private final Map<Buffer, Buffer> copies = new HashMap<>();
    private int buffers;

    Again(Program program, Map<Buffer, Liveness.Span> spans, Uses uses) {
      this.program = program;
      this.list = program.instructions();
      this.spans = spans;
      this.uses = uses;
      this.buffers = program.buffers();
    }

    /** {@return the program in which calls behind one read a copy; {@code null} if none can} */
    Program replaced(Buffer buffer, int behind) {
      int reader = behind + 1;
      while (!reads(list.get(reader), buffer)) {
        reader++;
      }
      if (reads(list.get(behind), buffer) || !compute(buffer, reader)) {
        return null;
      }
      List<KernelCall> all = new ArrayList<>(list.subList(0, reader));
      all.addAll(calls);
      for (KernelCall call : list.subList(reader, list.size())) {
        all.add(call.renamed(Map.of(buffer, copies.get(buffer))));
      }
      Program next =
          new Program(
              program.backend(),
              program.inputs(),
              all,
              program.outputs(),
              program.steps(),
              buffers);
      // If nobody read it earlier, the call has only moved.
      return new DeadCode().apply(next);
    }

    private static boolean reads(KernelCall call, Buffer buffer) {
      return call.reads().stream().anyMatch(view -> view.buffer() == buffer);
    }

    /** {@return whether calls before a place can give a result again} They are added. */
    private boolean compute(Buffer buffer, int place) {
      int maker = uses.onlyWriter(buffer);
      if (maker < 0 || maker >= place || calls.size() == MOST_CALLS) {
        return false;
      }
      KernelCall one = only(list.get(maker), buffer);
      if (one == null || isOverwritten(one.reads(), maker, place)) {
        return false;
      }
      for (View in : one.reads()) {
        boolean isThere =
            !in.buffer().is(Buffer.Role.TEMPORARY)
                || copies.containsKey(in.buffer())
                || spans.get(in.buffer()).last() >= place;
        // What can not be made again may still be kept for it, if it is smaller: Need tells.
        if (!isThere) {
          compute(in.buffer(), place);
        }
      }
      if (calls.size() == MOST_CALLS) {
        return false;
      }
      View out = one.outs().getFirst();
      Buffer copy =
          new Buffer(buffers++, Buffer.Role.TEMPORARY, buffer.dtype(), buffer.size(), null);
      KernelCall renamed = one.renamed(copies);
      copies.put(buffer, copy);
      calls.add(new KernelCall(one.op(), List.of(new View(copy, out.layout())), renamed.ins()));
      return true;
    }

    private boolean isOverwritten(List<View> ins, int from, int to) {
      return list.subList(from, to).stream().anyMatch(call -> Uses.meet(call.writes(), ins));
    }

    /** {@return the call that writes a buffer, without its other results; or {@code null}} */
    private KernelCall only(KernelCall call, Buffer buffer) {
      View out =
          call.outs().stream().filter(view -> view.buffer() == buffer).findFirst().orElseThrow();
      if (!uses.isOnlyWrite(out)) {
        return null;
      }
      return switch (call.op()) {
        case Op.Elementwise op when op.exprs().size() == 1 -> call;
        case Op.Elementwise op -> {
          Operands operands = new Operands(Scalars.NONE);
          Expr expr =
              operands.inline(op.exprs().get(call.outs().indexOf(out)), op.scalars(), call.ins());
          yield new KernelCall(
              new Op.Elementwise(List.of(expr), operands.scalars()),
              List.of(out),
              operands.views());
        }
        case Op.Copy _ -> call;
        case Op.Reduce _,
            Op.Matmul _,
            Op.MappedMatmul _,
            Op.Conv _,
            Op.Random _,
            Op.Fixed _,
            FlowOp _ ->
            null;
      };
    }
  }
}
