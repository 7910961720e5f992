package dev.lanewise.kernel;

import dev.lanewise.array.NdArray;
import dev.lanewise.array.Storage;
import java.lang.ref.Reference;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * A device to test with, without one: its arrays lie in {@link SealedMemory}, and another backend
 * computes on what lies behind them, to the same bits. Arrays of other backends are refused, but by
 * {@link Backend#copy}, which moves numbers in and out.
 */
public final class SealedBackend {
  /** The name by which {@link SealedBackendProvider} offers one. */
  public static final String NAME = "sealed";

  private SealedBackend() {}

  /**
   * {@return a device that does everything as another backend does}
   *
   * @param other computes in main memory
   */
  public static Backend over(Backend other) {
    return device(other, false);
  }

  /**
   * {@return a device that does the least a backend must do as another backend does, and composes
   * the rest of that}
   *
   * @param other computes in main memory
   */
  public static Backend composedOver(Backend other) {
    return device(other, true);
  }

  private static Backend device(Backend other, boolean composed) {
    // A proxy has every operation of the contract, those of tomorrow too.
    return (Backend)
        Proxy.newProxyInstance(
            Backend.class.getClassLoader(),
            new Class<?>[] {Backend.class},
            new Calls(other, composed, new SealedMemory()));
  }

  private record Calls(Backend other, boolean composed, SealedMemory memory)
      implements InvocationHandler {

    @Override
    public Object invoke(Object device, Method method, Object[] arguments) throws Throwable {
      return switch (method.getName()) {
        case "name", "toString" -> NAME;
        case "memory" -> memory;
        case "hashCode" -> System.identityHashCode(device);
        case "equals" -> device == arguments[0];
        case "roundsParts" -> other.roundsParts();
        case "mapsProducts" -> other.mapsProducts();
        // Arrays are made here, and a prepared call is told of other arrays afterwards.
        case "uninitialized",
            "storage",
            "prepareElementwise",
            "prepareReduce",
            "prepareMatmul",
            "prepareMappedMatmul" ->
            InvocationHandler.invokeDefault(device, method, arguments);
        default ->
            composed && method.isDefault()
                ? InvocationHandler.invokeDefault(device, method, arguments)
                : delegate(device, method, arguments);
      };
    }

    private Object delegate(Object device, Method method, Object... arguments) throws Throwable {
      Map<Storage, NdArray> known = new IdentityHashMap<>();
      Object[] unsealed = arguments.clone();
      for (int i = 0; i < unsealed.length; i++) {
        if (arguments[i] instanceof NdArray array) {
          unsealed[i] = unsealed(device, method, array, known);
        } else if (arguments[i] instanceof NdArray[] arrays) {
          NdArray[] all = arrays.clone();
          for (int j = 0; j < all.length; j++) {
            all[j] = unsealed(device, method, all[j], known);
          }
          unsealed[i] = all;
        }
      }
      try {
        return method.invoke(other, unsealed);
      } catch (InvocationTargetException thrown) {
        throw thrown.getCause();
      } finally {
        Reference.reachabilityFence(arguments);
      }
    }

    private NdArray unsealed(
        Object device, Method method, NdArray array, Map<Storage, NdArray> known) {
      if (array == null || !array.storage().isAlive()) {
        return array; // one that is dead is refused by all alike
      }
      if (array.device() == device) {
        return memory.unsealed(array, other, known);
      }
      if (method.getName().equals("copy") && array.device().memory().isHost()) {
        return array;
      }
      throw new IllegalArgumentException(
          method.getName()
              + ": an array of backend '"
              + array.device().name()
              + "' was given to 'sealed'; move it with Tensor.to(backend) or Backend.copy");
    }
  }
}
