package dev.lanewise.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.lanewise.bindings.cuda.Cublas;
import dev.lanewise.bindings.cuda.CublasLt;
import dev.lanewise.bindings.cuda.CudaDriver;
import dev.lanewise.bindings.cuda.CudaLibrary;
import dev.lanewise.bindings.cuda.Cudart;
import dev.lanewise.bindings.cuda.Cudnn;
import dev.lanewise.bindings.cuda.Nvrtc;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the bindings declare is in the libraries. */
class FunctionsLinkTest {

  private static final String DESCRIPTOR = "$descriptor";

  private static Class<?> bindings(CudaLibrary library) {
    return switch (library) {
      case DRIVER -> CudaDriver.class;
      case CUDART -> Cudart.class;
      case CUBLAS -> Cublas.class;
      case CUBLASLT -> CublasLt.class;
      case CUDNN -> Cudnn.class;
      case NVRTC -> Nvrtc.class;
    };
  }

  private static List<String> functions(CudaLibrary library) {
    return Stream.of(bindings(library).getDeclaredMethods())
        .map(Method::getName)
        .filter(name -> name.endsWith(DESCRIPTOR))
        .map(name -> name.substring(0, name.length() - DESCRIPTOR.length()))
        .sorted()
        .toList();
  }

  @ParameterizedTest
  @EnumSource
  void everyFunctionIsThereAndLinks(CudaLibrary library) throws ReflectiveOperationException {
    List<String> functions = functions(library);
    assertFalse(functions.isEmpty());
    if (library == CudaLibrary.DRIVER && !library.present()) {
      String reason =
          functions.size()
              + " functions of the driver are not looked up: libcuda.so.1 comes with the NVIDIA"
              + " driver, which is not here";
      System.out.println(reason); // the build's output does not show an assumption's reason
      abort(reason);
    }
    List<String> missing =
        functions.stream().filter(function -> library.find(function).isEmpty()).toList();
    assertEquals(List.of(), missing, library::source);
    // One call for all: it names what is missing by itself.
    library.require(functions.toArray(String[]::new));

    Class<?> bindings = bindings(library);
    for (String function : functions) {
      var address = (MemorySegment) bindings.getMethod(function + "$address").invoke(null);
      var descriptor = (FunctionDescriptor) bindings.getMethod(function + DESCRIPTOR).invoke(null);
      var handle = (MethodHandle) bindings.getMethod(function + "$handle").invoke(null);
      assertTrue(address.address() != 0, function);
      assertEquals(descriptor.toMethodType(), handle.type(), function);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "DRIVER")
  void theLibraryIsTheOneInTheNamedFolder(CudaLibrary library) {
    Path folder = Path.of(System.getProperty("lanewise.cuda.path"));
    assertEquals(folder, Path.of(library.source()).getParent());
  }
}
