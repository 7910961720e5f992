package dev.lanewise.bindings.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Opens a library that every JDK has. */
class SystemOpenerTest {

  private final SystemOpener opener = new SystemOpener();

  @Test
  void aLibraryOpensByItsPathAndItsAddressesDieWithIt() {
    OpenLibrary library = opener.open(JdkLibrary.path().toString()).orElseThrow();
    SymbolLookup symbols = library.symbols();
    MemorySegment function = symbols.find(JdkLibrary.FUNCTION).orElseThrow();
    assertTrue(function.address() != 0);
    assertEquals(Optional.empty(), symbols.find("cudaGetDeviceCount"));
    assertTrue(function.scope().isAlive());
    library.close();
    assertFalse(function.scope().isAlive());
  }

  @Test
  void aLibraryThatIsNotCudnnTellsNoMajor() {
    OpenLibrary library = opener.open(JdkLibrary.path().toString()).orElseThrow();
    assertEquals(0, library.cudnnCudaMajor());
    library.close();
  }

  @Test
  void whatTheSystemCanNotOpenIsEmpty(@TempDir Path folder) {
    assertEquals(Optional.empty(), opener.open("no-library-has-this-name.so.0"));
    assertEquals(Optional.empty(), opener.open(folder.resolve("absent.so").toString()));
  }
}
