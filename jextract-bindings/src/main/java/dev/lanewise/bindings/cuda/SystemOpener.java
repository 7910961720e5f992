package dev.lanewise.bindings.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Opens libraries for real. */
final class SystemOpener implements LibraryOpener {

  /** An open library with the arena that holds it open. */
  private record Opened(SymbolLookup symbols, Arena arena) implements OpenLibrary {

    @Override
    public int cudnnCudaMajor() {
      // Called by hand: the generated binding would look the function up in the very library that
      // is being searched for.
      return symbols.find("cudnnGetCudartVersion").map(Opened::call).orElse(0L).intValue() / 1000;
    }

    private static long call(MemorySegment function) {
      MethodHandle handle =
          Linker.nativeLinker()
              .downcallHandle(function, FunctionDescriptor.of(ValueLayout.JAVA_LONG));
      return MethodHandleProxies.asInterfaceInstance(LongSupplier.class, handle).getAsLong();
    }

    @Override
    public void close() {
      arena.close();
    }
  }

  // The arena outlives this method: a library that is refused closes it, any other keeps it.
  @SuppressWarnings("MustBeClosedChecker")
  @Override
  public Optional<OpenLibrary> open(String file) {
    // The bindings need the linker as soon as they are touched: find out here, where it has a name.
    Linker.nativeLinker();
    // Shared: all threads may use the library, and yet it can be given back if it is refused.
    Arena arena = Arena.ofShared();
    try {
      return Optional.of(new Opened(SymbolLookup.libraryLookup(file, arena), arena));
    } catch (IllegalArgumentException cannotOpen) {
      arena.close();
      return Optional.empty();
    }
  }
}
