package dev.lanewise.cuda.fake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.bindings.cuda.CudaLibrary;
import java.lang.foreign.FunctionDescriptor;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each function of the double has the parameters and the result that its binding has. */
final class BindingsDoubleTest {

  private final DriverDouble cuda = DriverDouble.install();

  @BeforeEach
  void anew() {
    cuda.reset();
  }

  private static Class<?> bindings(CudaLibrary library) throws ClassNotFoundException {
    String name =
        switch (library) {
          case DRIVER -> "CudaDriver";
          case CUDART -> "Cudart";
          case CUBLAS -> "Cublas";
          case CUBLASLT -> "CublasLt";
          case CUDNN -> "Cudnn";
          case NVRTC -> "Nvrtc";
        };
    return Class.forName(CudaLibrary.class.getPackageName() + "." + name);
  }

  @Test
  void eachFunctionIsBoundAsItIs() throws ReflectiveOperationException {
    var found = new TreeMap<String, FunctionDescriptor>();
    var expected = new TreeMap<String, FunctionDescriptor>();
    for (Map.Entry<CudaLibrary, LibraryDouble> library : cuda.libraries().entrySet()) {
      Class<?> bindings = bindings(library.getKey());
      found.putAll(library.getValue().descriptors());
      for (String name : library.getValue().descriptors().keySet()) {
        Object descriptor = bindings.getMethod(name + "$descriptor").invoke(null);
        expected.put(name, (FunctionDescriptor) descriptor);
      }
    }
    assertTrue(found.size() > 50, found.keySet().toString());
    assertEquals(expected, found);
  }

  /** Names of bound functions that the double lacks. */
  private Set<String> lacking(CudaLibrary library) throws ClassNotFoundException {
    var bound = new TreeSet<String>();
    for (Method method : bindings(library).getMethods()) {
      if (method.getName().endsWith("$descriptor")) {
        bound.add(method.getName().replace("$descriptor", ""));
      }
    }
    assertTrue(bound.size() > 10, bound.toString());
    bound.removeAll(cuda.libraries().get(library).descriptors().keySet());
    return bound;
  }

  @Test
  void theRuntimeTheDriverAndTheCompilerAreWhole() throws ClassNotFoundException {
    assertEquals(Set.of(), lacking(CudaLibrary.CUDART));
    assertEquals(Set.of(), lacking(CudaLibrary.DRIVER));
    assertEquals(Set.of(), lacking(CudaLibrary.NVRTC));
  }

  @Test
  void aFunctionThatIsNotThereIsNamed() {
    assertNotNull(CudaLibrary.CUDART.findOrThrow("cudaMalloc"));
    String message =
        assertThrows(
                NoSuchElementException.class, () -> CudaLibrary.CUDART.findOrThrow("cudaMallok"))
            .getMessage();
    assertEquals("driver double has no function cudaMallok", message);
  }
}
