package dev.lanewise.bench.peer;

import dev.lanewise.bench.cases.Kernel;
import dev.lanewise.bench.cases.KernelCase;
import dev.lanewise.kernel.Availability;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Intel's oneMKL of bytedeco's jar. */
final class Mkl implements Peer {
  private static final String LIBRARY = "libmkl_rt.so.2";
  private static final String OPENMP = "libiomp5.so";

  private Cblas blas;

  @Override
  public String name() {
    return "MKL";
  }

  @Override
  public Availability availability() {
    Optional<NativeJar> jar = NativeJar.with("org/bytedeco/mkl/" + NativeJar.platform(), LIBRARY);
    if (jar.isEmpty()) {
      return NativeJar.MISSING;
    }
    if (blas == null) {
      blas = load(jar.get().folder());
    }
    return new Availability.Available(version());
  }

  @SuppressWarnings("restricted")
  private static Cblas load(Path folder) {
    // MKL opens it by its bare name, which is found once it is loaded.
    SymbolLookup.libraryLookup(folder.resolve(OPENMP), Arena.global());
    return new Cblas(folder.resolve(LIBRARY));
  }

  private String version() {
    int length = 200;
    MethodHandle handle =
        blas.function(
            "MKL_Get_Version_String",
            FunctionDescriptor.ofVoid(ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = arena.allocate(length);
      handle.invokeExact(text, length - 1);
      return text.getString(0).strip();
    } catch (Throwable e) {
      throw new IllegalStateException("MKL_Get_Version_String failed", e);
    }
  }

  @Override
  public void useThreads(int threads) {
    blas.call("MKL_Set_Num_Threads", threads);
  }

  @Override
  public Optional<Kernel> prepare(KernelCase kernelCase, List<float[]> inputs) {
    return blas.prepare(kernelCase, inputs);
  }
}
