package dev.lanewise.cuda;

import dev.lanewise.array.Layout;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
import dev.lanewise.kernel.CopySpec;
import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.concurrent.atomic.AtomicBoolean;

/** Copies that convert, within the device and between it and main memory. */
final class Copying {
  private static final System.Logger LOG = System.getLogger("dev.lanewise.cuda");

  private final CudaBackend backend;

  private final AtomicBoolean toldOfHost = new AtomicBoolean();

  Copying(CudaBackend backend) {
    this.backend = backend;
  }

  /**
   * Copies between two arrays of the device, or between one of the device and one in main memory.
   * The device converts; what is not dense in main memory is made so, or spread, by the array's own
   * backend.
   *
   * @throws IllegalArgumentException if neither array is of this device, or the other is neither in
   *     main memory
   */
  void copy(NdArray from, NdArray to) {
    CopySpec spec = CopySpec.of(from, to);
    boolean fromHere = isHere(from);
    boolean toHere = isHere(to);
    boolean possible = fromHere && toHere || (fromHere ? isHost(to) : toHere && isHost(from));
    if (!possible) {
      throw new IllegalArgumentException(
          "copy: '"
              + CudaBackend.NAME
              + "' copies within its own device and between it and main memory, not from '"
              + from.device().name()
              + "' to '"
              + to.device().name()
              + "'; copy to main memory first");
    }
    if (to.size() == 0) {
      return;
    }
    if (!fromHere) {
      copyIn(from, to);
    } else if (!toHere) {
      copyOut(from, spec.from(), to);
    } else {
      copyWithin(spec.from(), to);
    }
  }

  private boolean isHere(NdArray array) {
    return array.device().memory() == backend.memory();
  }

  private static boolean isHost(NdArray array) {
    return array.device().memory().isHost();
  }

  /** Copies from main memory: the bytes first, then into their places and type. */
  private void copyIn(NdArray from, NdArray to) {
    try (Scope _ = Scope.open("copy temporaries")) {
      NdArray dense = from;
      if (!from.layout().isContiguous()) {
        dense = NdArray.uninitialized(from.device(), from.dtype(), from.shape());
        HostCopies.copy(from, dense);
      }
      boolean direct = isDense(to) && from.dtype() == to.dtype() && from.size() == to.size();
      NdArray raw = direct ? to : backend.uninitialized(from.dtype(), from.shape());
      try (Operation operation = backend.device().begin("copy", from, to)) {
        backend.memory().copyIn(hostBytes(dense), operation.bytes(raw));
      }
      Reference.reachabilityFence(dense);
      if (!direct) {
        copyWithin(raw.broadcastTo(to.shape()), to);
      }
    }
  }

  /**
   * Copies to main memory: the device converts and gathers, the bytes follow, then their places.
   */
  private void copyOut(NdArray from, NdArray stretched, NdArray to) {
    if (toldOfHost.compareAndSet(false, true)) {
      LOG.log(
          Level.DEBUG,
          () ->
              "the first copy to main memory, of "
                  + from.dtype()
                  + " "
                  + from.shape()
                  + " ("
                  + from.size() * from.dtype().byteSize()
                  + " bytes): it waits for all work of the device");
    }
    try (Scope _ = Scope.open("copy temporaries")) {
      boolean whole = isDense(to) && from.size() == to.size();
      NdArray source = whole ? stretched : from;
      NdArray dense = source;
      if (from.dtype() != to.dtype() || !isDense(source)) {
        dense = backend.uninitialized(to.dtype(), source.shape());
        copyWithin(source, dense);
      }
      NdArray target = whole ? to : NdArray.uninitialized(to.device(), to.dtype(), source.shape());
      try (Operation operation = backend.device().begin("copy", from, to)) {
        backend.memory().copyOut(operation.bytes(dense), hostBytes(target));
      }
      if (!whole) {
        HostCopies.copy(target.broadcastTo(to.shape()), to);
      }
      Reference.reachabilityFence(target);
    }
  }

  private void copyWithin(NdArray from, NdArray to) {
    if (from.dtype() == to.dtype() && isDense(from) && isDense(to)) {
      try (Operation operation = backend.device().begin("copy", from, to)) {
        backend.memory().copyWithin(operation.bytes(from), operation.bytes(to));
      }
      return;
    }
    CopyCall call = CopyCall.of(from, to);
    CudaDevice device = backend.device();
    try (Operation operation = device.begin("copy", from, to)) {
      Kernel kernel = device.kernels().of(call.key(), CopyCall::print);
      Arguments arguments = device.arguments();
      call.pass(arguments, operation.address(from), operation.address(to));
      long blocks = Grid.blocks(call.walk().size(), device.facts().multiprocessors());
      kernel.launch(blocks, Grid.THREADS, arguments);
    }
  }

  private static boolean isDense(NdArray array) {
    return array.layout().isContiguous();
  }

  /** {@return the bytes of an array without gaps in main memory} */
  private static MemorySegment hostBytes(NdArray array) {
    Layout layout = array.layout();
    long width = array.dtype().byteSize();
    return array.storage().segment().asSlice(layout.offset() * width, array.size() * width);
  }
}
