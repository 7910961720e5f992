package dev.lanewise.cuda;

import dev.lanewise.bindings.cuda.Cudart;
import dev.lanewise.bindings.cuda.ForeignMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A ring of pieces of pinned main memory through which numbers go to the device and back: while the
 * device copies one, Java fills or empties another, and several small copies wait for nothing. The
 * device copies pinned memory at full speed and without asking the processor; the Java heap it can
 * not see at all.
 */
final class Staging implements AutoCloseable {
  /** Large enough that starting a copy costs little beside it. */
  private static final long BYTES = 1 << 20;

  private final CudaDevice device;
  private final Piece[] pieces = new Piece[8];

  /** The piece that was used the longest ago. */
  private int next;

  /** Pinned memory, and the event that tells when the device is done with it. */
  private record Piece(MemorySegment memory, MemorySegment event) {}

  Staging(CudaDevice device) {
    this.device = device;
  }

  /** {@return a piece that the device is done with} Made on first use. */
  private Piece free(int i) {
    if (pieces[i] == null) {
      pieces[i] = make();
    }
    Piece piece = pieces[i];
    Status.runtime("cudaEventSynchronize", Cudart.cudaEventSynchronize(piece.event));
    return piece;
  }

  private static Piece make() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment pointer = arena.allocate(Cudart.C_POINTER);
      Status.runtime(
          "cudaEventCreateWithFlags",
          Cudart.cudaEventCreateWithFlags(pointer, Cudart.cudaEventDisableTiming()));
      MemorySegment event = pointer.get(Cudart.C_POINTER, 0);
      int status = Cudart.cudaMallocHost(pointer, BYTES);
      if (status != Cudart.cudaSuccess()) {
        Cudart.cudaEventDestroy(event); // what failed before is what is told
        Status.runtime("cudaMallocHost", status);
      }
      long address = pointer.get(Cudart.C_POINTER, 0).address();
      return new Piece(ForeignMemory.onHost(address, BYTES), event);
    }
  }

  /** Copies bytes to the device; the source may be changed as soon as this returns. */
  void copyIn(MemorySegment from, MemorySegment to) {
    Capture capture = device.capture();
    if (capture != null) {
      if (from.byteSize() > 0) {
        MemorySegment constant = capture.constant(from);
        copy(DeviceMemory.pointer(to), constant, from.byteSize(), Cudart.cudaMemcpyHostToDevice());
      }
      return;
    }
    for (long done = 0; done < from.byteSize(); ) {
      long count = Math.min(BYTES, from.byteSize() - done);
      Piece piece = free(turn());
      MemorySegment.copy(from, done, piece.memory, 0, count);
      copy(
          MemorySegment.ofAddress(to.address() + done),
          piece.memory,
          count,
          Cudart.cudaMemcpyHostToDevice());
      Status.runtime("cudaEventRecord", Cudart.cudaEventRecord(piece.event, device.stream()));
      done += count;
    }
  }

  /** Copies bytes from the device; they are there when this returns. */
  void copyOut(MemorySegment from, MemorySegment to) {
    // One piece ahead: the device fills one while Java empties the other.
    long asked = 0;
    int filled = turn();
    for (long done = 0; done < from.byteSize(); ) {
      if (asked == 0) {
        asked += ask(filled, from, 0);
      }
      int ahead = turn();
      if (asked < from.byteSize()) {
        asked += ask(ahead, from, asked);
      }
      long count = Math.min(BYTES, from.byteSize() - done);
      MemorySegment.copy(free(filled).memory, 0, to, done, count);
      filled = ahead;
      done += count;
    }
  }

  /** {@return the number of the piece whose turn it is} */
  private int turn() {
    int turn = next;
    next = (next + 1) % pieces.length;
    return turn;
  }

  private long ask(int i, MemorySegment from, long at) {
    long count = Math.min(BYTES, from.byteSize() - at);
    Piece piece = free(i);
    copy(
        piece.memory,
        MemorySegment.ofAddress(from.address() + at),
        count,
        Cudart.cudaMemcpyDeviceToHost());
    Status.runtime("cudaEventRecord", Cudart.cudaEventRecord(piece.event, device.stream()));
    return count;
  }

  private void copy(MemorySegment to, MemorySegment from, long bytes, int kind) {
    Status.runtime(
        "cudaMemcpyAsync", Cudart.cudaMemcpyAsync(to, from, bytes, kind, device.stream()));
  }

  @Override
  public void close() {
    List<Closing.Step> steps = new ArrayList<>();
    for (Piece piece : pieces) {
      if (piece != null) {
        steps.add(() -> Status.runtime("cudaEventDestroy", Cudart.cudaEventDestroy(piece.event)));
        steps.add(() -> Status.runtime("cudaFreeHost", Cudart.cudaFreeHost(piece.memory)));
      }
    }
    Arrays.fill(pieces, null);
    Closing.all(steps);
  }
}
