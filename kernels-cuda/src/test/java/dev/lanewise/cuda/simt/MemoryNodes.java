package dev.lanewise.cuda.simt;

/** The expressions that go to memory or compute addresses. */
final class MemoryNodes {
  private MemoryNodes() {}

  /** {@code *p}, read. */
  static final class Load extends Node {
    final Node address;
    private final MemoryPort port;

    Load(Node address, int line) {
      super(((PointerType) address.type).target(), line);
      this.address = address;
      this.port = new MemoryPort(scalar(), line);
    }

    boolean readOnly() {
      return ((PointerType) address.type).readOnly();
    }

    @Override
    long[] evaluate(BlockState state, Mask mask) {
      long[] at = address.evaluate(state, mask);
      long[] z = room(state);
      port.load(state, mask, at, z);
      return z;
    }
  }

  /** {@code *p = value}. The value comes first, as C++17 says. */
  static final class Store extends Node {
    private final Node address;
    private final Node value;
    private final MemoryPort port;

    Store(Node address, Node value, int line) {
      super(value.type, line);
      this.address = address;
      this.value = value;
      this.port = new MemoryPort(scalar(), line);
    }

    @Override
    long[] evaluate(BlockState state, Mask mask) {
      long[] values = value.evaluate(state, mask);
      port.store(state, mask, address.evaluate(state, mask), values);
      return values;
    }
  }

  /** {@code p + i} or {@code p - i}, counted in elements. */
  static final class Offset extends Node {
    private final Node pointer;
    private final Node index;
    private final long step;

    Offset(Node pointer, Node index, boolean back, int line) {
      super(pointer.type, line);
      this.pointer = pointer;
      this.index = index;
      long size = ((PointerType) pointer.type).target().bytes();
      this.step = back ? -size : size;
    }

    @Override
    long[] evaluate(BlockState state, Mask mask) {
      long[] p = pointer.evaluate(state, mask);
      long[] i = index.evaluate(state, mask);
      long[] z = room(state);
      int end = mask.end();
      for (int t = mask.first(); t < end; t++) {
        z[t] = p[t] + i[t] * step;
      }
      return z;
    }
  }

  /** {@code p - q}, counted in elements. */
  static final class Distance extends Node {
    private final Node left;
    private final Node right;

    Distance(Node left, Node right, int line) {
      super(ScalarType.LLONG, line);
      this.left = left;
      this.right = right;
    }

    @Override
    long[] evaluate(BlockState state, Mask mask) {
      long[] p = left.evaluate(state, mask);
      long[] q = right.evaluate(state, mask);
      long[] z = room(state);
      int size = ((PointerType) left.type).target().bytes();
      int end = mask.end();
      for (int t = mask.first(); t < end; t++) {
        z[t] = (p[t] - q[t]) / size;
      }
      return z;
    }
  }

  /**
   * A value that is computed once and used more often: the operand of {@code p[i] += x} and of
   * {@code x++}.
   */
  static final class Held extends Node {
    private final Node source;
    private long[] held;

    Held(Node source) {
      super(source.type, source.line);
      this.source = source;
    }

    /**
     * Computes it anew, into an array of its own: what is read may be assigned to before the use
     * ends.
     */
    void refresh(BlockState state, Mask mask) {
      held = room(state);
      mask.copyValues(source.evaluate(state, mask), held);
    }

    @Override
    long[] evaluate(BlockState state, Mask mask) {
      return held;
    }
  }

  /**
   * Computes held values, then an expression that uses them; answers with that, or with the last
   * held value.
   */
  static final class WithHeld extends Node {
    private final Held[] held;
    private final Node body;
    private final boolean former;

    WithHeld(Node body, boolean former, Held... held) {
      super(body.type, body.line);
      this.held = held;
      this.body = body;
      this.former = former;
    }

    @Override
    long[] evaluate(BlockState state, Mask mask) {
      for (Held h : held) {
        h.refresh(state, mask);
      }
      long[] values = body.evaluate(state, mask);
      return former ? held[held.length - 1].evaluate(state, mask) : values;
    }
  }
}
