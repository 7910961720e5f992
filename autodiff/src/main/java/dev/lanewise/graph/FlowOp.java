package dev.lanewise.graph;

import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
import dev.lanewise.kernel.Backend;
import java.util.Arrays;
import java.util.List;

/**
 * What decides in a run which calls are made, and how often. Its functions are programs of their
 * own; memory of the program around them that they use is among its operands, so that passes need
 * not look inside.
 */
public sealed interface FlowOp extends Op {

  /** {@return the functions that it calls} */
  List<Part> parts();

  @Override
  default boolean acts() {
    return parts().stream().anyMatch(Part::acts);
  }

  @Override
  default boolean isRandom() {
    return acts();
  }

  /** A call that holds on to the arrays that it was last made with. */
  interface Call extends Runnable {
    /** Lets go of them. */
    void unbind();
  }

  /**
   * One of two functions. Operands: the predicate, then memory of the outside. Results: those of
   * the functions, then memory of the outside that they write.
   *
   * @param ifTrue the function if the predicate is not 0
   * @param ifFalse the other
   */
  record Cond(Part ifTrue, Part ifFalse) implements FlowOp {
    @Override
    public String name() {
      return "cond";
    }

    @Override
    public List<Part> parts() {
      return List.of(ifTrue, ifFalse);
    }

    @Override
    public Call bind(Backend backend, NdArray[] outs, NdArray[] ins) {
      Part.Body yes = ifTrue.bind(0);
      Part.Body no = ifFalse.bind(0);
      return new Call() {
        @Override
        public void run() {
          Part.Body taken = isTrue(ins[0]) ? yes : no;
          taken.run(ins);
          for (int i = 0; i < taken.outputs(); i++) {
            backend.copy(taken.output(i), outs[i]);
          }
        }

        @Override
        public void unbind() {
          yes.unbind();
          no.unbind();
        }
      };
    }

    @Override
    public String toString() {
      return "cond";
    }
  }

  /**
   * A function of a state that is called as long as a condition of the state holds. Operands: the
   * first state, then memory of the outside. Results: the last state, then memory of the outside
   * that they write.
   *
   * @param states how many arrays are the state
   * @param condition the condition
   * @param body makes the next state
   */
  record Loop(int states, Part condition, Part body) implements FlowOp {
    @Override
    public String name() {
      return "loop";
    }

    @Override
    public List<Part> parts() {
      return List.of(condition, body);
    }

    @Override
    public Call bind(Backend backend, NdArray[] outs, NdArray[] ins) {
      Part.Body test = condition.bind(states);
      Part.Body next = body.bind(states);
      return new Call() {
        @Override
        public void run() {
          for (int i = 0; i < states; i++) {
            backend.copy(ins[i], outs[i]);
            test.give(i, outs[i]);
            next.give(i, outs[i]);
          }
          for (test.run(ins); isTrue(test.output(0)); test.run(ins)) {
            next.run(ins);
            for (int i = 0; i < states; i++) {
              backend.copy(next.output(i), outs[i]);
            }
          }
        }

        @Override
        public void unbind() {
          test.unbind();
          next.unbind();
        }
      };
    }

    @Override
    public String toString() {
      return "loop";
    }
  }

  /**
   * A function that is called for each part of some arrays along their first axis. Operands: the
   * first carry, the arrays, then memory of the outside. Results: the last carry, what is stacked,
   * then memory of the outside that is written.
   *
   * @param carries how many arrays go from call to call
   * @param xs how many arrays are cut into parts
   * @param length how many parts
   * @param reverse whether the last part comes first
   * @param body of the carry and a part, makes the next carry and what is stacked
   * @param draws the streams of random numbers that each call takes
   * @param again the streams that each call takes again; {@code null} if there are none
   */
  record Scan(int carries, int xs, int length, boolean reverse, Part body, Draws draws, Draws again)
      implements FlowOp {
    @Override
    public String name() {
      return "scan";
    }

    @Override
    public List<Part> parts() {
      return List.of(body);
    }

    @Override
    public Call bind(Backend backend, NdArray[] outs, NdArray[] ins) {
      return new ScanCall(this, backend, outs, ins);
    }

    @Override
    public String toString() {
      return "scan[" + length + (reverse ? ", reverse]" : "]");
    }
  }

  /**
   * A {@link HostStep} that has its place between calls, as one before it may be taken or not.
   *
   * @param step what happens
   */
  record Host(HostStep step) implements FlowOp {
    @Override
    public String name() {
      return "host";
    }

    @Override
    public List<Part> parts() {
      return List.of();
    }

    @Override
    public boolean acts() {
      return true;
    }

    @Override
    public Runnable bind(Backend backend, NdArray[] outs, NdArray[] ins) {
      return step::run;
    }

    @Override
    public String toString() {
      return step.toString();
    }
  }

  /** {@return what an array of one element says} */
  private static boolean isTrue(NdArray predicate) {
    return predicate.get(new int[predicate.shape().rank()]) != 0;
  }

  /** The run of a scan. */
  final class ScanCall implements Call {
    private final Scan op;
    private final Backend backend;
    private final NdArray[] outs;
    private final NdArray[] ins;
    private final Part.Body body;

    /** The parts of what is cut, and the room that the body reads each from. */
    private final Cut[] given;

    private final NdArray[] rooms;

    /** The parts of what is stacked. */
    private final Cut[] stacked;

    ScanCall(Scan op, Backend backend, NdArray[] outs, NdArray[] ins) {
      this.op = op;
      this.backend = backend;
      this.outs = outs;
      this.ins = ins;
      this.body = op.body.bind(op.carries + op.xs);
      this.given = cuts(op.xs);
      this.stacked = cuts(body.outputs() - op.carries);
      this.rooms = new NdArray[op.xs];
      for (int i = 0; i < op.xs; i++) {
        View part = op.body.program().inputs().get(op.carries + i);
        rooms[i] = Scope.outside(() -> NdArray.uninitialized(backend, part.dtype(), part.shape()));
        body.give(op.carries + i, rooms[i]);
      }
    }

    private static Cut[] cuts(int count) {
      Cut[] cuts = new Cut[count];
      Arrays.setAll(cuts, i -> new Cut());
      return cuts;
    }

    @Override
    public void run() {
      for (int i = 0; i < op.carries; i++) {
        backend.copy(ins[i], outs[i]);
        body.give(i, outs[i]);
      }
      for (int i = 0; i < given.length; i++) {
        given[i].of(ins[op.carries + i]);
      }
      for (int i = 0; i < stacked.length; i++) {
        stacked[i].of(outs[op.carries + i]);
      }
      for (int k = 0; k < op.length; k++) {
        step(op.reverse ? op.length - 1 - k : k);
      }
    }

    private void step(int at) {
      for (int i = 0; i < rooms.length; i++) {
        backend.copy(given[i].parts[at], rooms[i]);
      }
      if (op.again != null) {
        op.again.restore(at);
      }
      body.run(ins);
      op.draws.save(at);
      // What is stacked may be the carry as it was.
      for (int i = 0; i < stacked.length; i++) {
        backend.copy(body.output(op.carries + i), stacked[i].parts[at]);
      }
      for (int i = 0; i < op.carries; i++) {
        backend.copy(body.output(i), outs[i]);
      }
    }

    @Override
    public void unbind() {
      body.unbind();
      for (int i = 0; i < rooms.length; i++) {
        body.give(op.carries + i, rooms[i]);
      }
      for (Cut cut : given) {
        cut.release();
      }
    }

    /** An array in parts along its first axis, made when another array comes. */
    private static final class Cut {
      private NdArray whole;
      private NdArray[] parts;

      void of(NdArray array) {
        if (array == whole) {
          return;
        }
        whole = array;
        parts = new NdArray[array.shape().dim(0)];
        for (int k = 0; k < parts.length; k++) {
          NdArray one = array.slice(0, k, k + 1);
          parts[k] = one.view(one.layout().reshape(array.shape().reduced(new int[] {0}, false)));
        }
      }

      void release() {
        whole = null;
        parts = null;
      }
    }
  }

  /** Which streams of random numbers each call of a scan has taken. */
  final class Draws {
    private final List<RandomStream> streams;
    private final long[][] numbers;

    Draws(List<RandomStream> streams, int length) {
      this.streams = List.copyOf(streams);
      this.numbers = new long[streams.size()][length];
    }

    boolean isEmpty() {
      return streams.isEmpty();
    }

    void save(int at) {
      for (int i = 0; i < numbers.length; i++) {
        numbers[i][at] = streams.get(i).number();
      }
    }

    void restore(int at) {
      for (int i = 0; i < numbers.length; i++) {
        streams.get(i).number(numbers[i][at]);
      }
    }
  }
}
