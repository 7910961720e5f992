package dev.lanewise.array;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * A stretch of a program after which the arrays made in it are freed, all at once.
 *
 * <p>Arrays made by the thread that opened the scope, while it is the innermost open one, live in a
 * slab: taking memory is an addition, nothing is zeroed, and closing gives the whole slab back for
 * the next scope. A training loop opens one scope a step, so that in the steady state no step asks
 * the system for memory.
 *
 * {@snippet :
 * NdArray total;
 * try (Scope scope = Scope.open("epoch")) {
 *   NdArray sum = NdArray.zeros(backend, DType.F32, Shape.of(10));
 *   // ... many temporaries ...
 *   total = scope.keep(sum); // lives on after the scope
 * }
 * }
 *
 * <p>Touching an array whose scope has closed is an {@link IllegalStateException} that names the
 * scope. A scope belongs to the thread that opened it, and scopes close in the reverse order of
 * their opening. A scope must not close while another thread computes with its arrays, as that
 * thread was told before that they are alive; and one that is never closed keeps its memory: open
 * it in a {@code try}.
 */
public final class Scope implements AutoCloseable {
  private static final long ALIGNMENT = 64;
  private static final long FIRST_CHUNK = 1L << 20;
  private static final int PATIENCE = 64;
  private static final ThreadLocal<Scopes> OPEN = ThreadLocal.withInitial(Scopes::new);

  /** How much a depth's scopes took lately: their first chunk is as large. */
  private static final class Habit {
    private long size = FIRST_CHUNK;
    private int smallerInARow;

    void learn(long total) {
      // A short last batch changes nothing; only a lasting change to a quarter shrinks the slab.
      smallerInARow = total < size / 4 ? smallerInARow + 1 : 0;
      if (total > size || smallerInARow > PATIENCE) {
        size = Math.max(FIRST_CHUNK, total);
        smallerInARow = 0;
      }
    }
  }

  /** What a thread remembers: its innermost scope, and the habit of each depth of nesting. */
  private static final class Scopes {
    private Scope innermost;
    private final List<Habit> habits = new ArrayList<>();

    Habit habit(int depth) {
      while (habits.size() <= depth) {
        habits.add(new Habit());
      }
      return habits.get(depth);
    }
  }

  private record Chunk(Pool pool, Pool.Block block) {}

  private final String name;
  private final Scopes owner;
  private final Scope parent;

  /** What was the innermost scope before; the parent but for an isolated scope. */
  private final Scope before;

  private final int depth;
  private final List<Chunk> chunks = new ArrayList<>(2);
  private MemorySegment slab;
  private Memory slabMemory;
  private long used;
  private long total;
  // Volatile: a thread that was handed an array must see that its scope has closed.
  private volatile boolean open = true;

  /** Whether the scope is off its thread: nothing is made in it any more, and anybody may close. */
  private boolean left;

  private Scope(String name, Scopes owner, boolean isolated) {
    this.name = name;
    this.owner = owner;
    this.before = owner.innermost;
    this.parent = isolated ? null : before;
    this.depth = parent == null ? 0 : parent.depth + 1;
    owner.innermost = this;
  }

  /** {@return a new innermost scope of the calling thread, without a name} */
  public static Scope open() {
    return open("");
  }

  /**
   * {@return a new innermost scope of the calling thread}
   *
   * @param name what errors call it
   */
  public static Scope open(String name) {
    return new Scope(name, OPEN.get(), false);
  }

  /**
   * {@return a new innermost scope that has no parent: its memory is its own from the first array
   * on} What must be able to live longer than the scopes around it is made in one, which is then
   * {@linkplain #leave left}.
   *
   * @param name what errors call it
   */
  public static Scope isolated(String name) {
    return new Scope(name, OPEN.get(), true);
  }

  /**
   * Takes this scope off its thread, so that the one before is the innermost again. Its arrays stay
   * until it is closed, which any thread may do.
   *
   * @throws IllegalStateException if it is not the calling thread's innermost scope
   */
  public void leave() {
    requireInnermost("leave");
    owner.innermost = before;
    left = true;
  }

  /**
   * {@return what work returns that makes arrays for long} They belong to the garbage collector,
   * whatever scopes the calling thread has open.
   *
   * @param work makes arrays
   * @param <T> what it returns
   */
  public static <T> T outside(Supplier<T> work) {
    Scopes scopes = OPEN.get();
    Scope innermost = scopes.innermost;
    scopes.innermost = null;
    try {
      return work.get();
    } finally {
      scopes.innermost = innermost;
    }
  }

  /** {@return the calling thread's innermost open scope, or {@code null}} */
  static Scope current() {
    return OPEN.get().innermost;
  }

  /** {@return the scope around this one, or {@code null}} */
  Scope parent() {
    return parent;
  }

  /** {@return whether this scope is {@code outer}, or was opened inside it} */
  boolean isWithin(Scope outer) {
    Scope scope = this;
    while (scope != null && scope != outer) {
      scope = scope.parent;
    }
    return scope == outer;
  }

  /** {@return whether {@link #close} has not been called} */
  public boolean isOpen() {
    return open;
  }

  /** {@return memory of the slab, with whatever was in it before} */
  MemorySegment take(Memory memory, long bytes) {
    long size = (Math.max(bytes, 1) + ALIGNMENT - 1) & -ALIGNMENT;
    if (slab == null || !memory.equals(slabMemory) || slab.byteSize() - used < size) {
      grow(memory, size);
    }
    MemorySegment taken = slab.asSlice(used, bytes);
    used += size;
    total += size;
    return taken;
  }

  private void grow(Memory memory, long size) {
    // The first chunk is as large as earlier scopes of this depth needed; later ones double.
    long wish = chunks.isEmpty() ? owner.habit(depth).size : total;
    Pool.Block block = memory.pool().take(Math.max(size, wish));
    chunks.add(new Chunk(memory.pool(), block));
    slab = block.segment;
    slabMemory = memory;
    used = 0;
  }

  /**
   * Moves an array out: it and all its views live on in the scope around this one, or, if there is
   * none, until the garbage collector frees them.
   *
   * @param <T> an array or what holds one
   * @param kept what to move; stays as it is if it was made outside this scope
   * @return {@code kept} itself
   * @throws IllegalStateException if this scope, or the one in which {@code kept} was made, has
   *     closed, or another thread calls
   */
  public <T extends HasStorage> T keep(T kept) {
    requireOwner("keep");
    if (!open) {
      throw new IllegalStateException("keep: " + this + " has closed");
    }
    kept.storage().moveOut(this);
    return kept;
  }

  /**
   * Frees the arrays made in this scope, but for those moved out. Closing twice does nothing.
   *
   * @throws IllegalStateException if a scope inside this one is still open, or another thread calls
   */
  @Override
  public void close() {
    if (!open) {
      return;
    }
    if (!left) {
      requireInnermost("close");
      owner.innermost = before;
      owner.habit(depth).learn(total);
    }
    open = false;
    for (Chunk chunk : chunks) {
      chunk.pool.give(chunk.block);
    }
    chunks.clear();
    slab = null;
  }

  private void requireInnermost(String operation) {
    requireOwner(operation);
    if (owner.innermost != this) {
      throw new IllegalStateException(
          operation
              + ": "
              + owner.innermost
              + " was opened inside "
              + this
              + " and must close first");
    }
  }

  private void requireOwner(String operation) {
    if (OPEN.get() != owner) {
      throw new IllegalStateException(
          operation + ": " + this + " belongs to another thread; scopes stay with their thread");
    }
  }

  /** {@return how errors name it, for example {@code scope 'step'}} */
  @Override
  public String toString() {
    return name.isEmpty() ? "its scope" : "scope '" + name + "'";
  }
}
