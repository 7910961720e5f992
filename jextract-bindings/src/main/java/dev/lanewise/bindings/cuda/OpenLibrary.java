package dev.lanewise.bindings.cuda;

import java.lang.foreign.SymbolLookup;

/** A library that the system has opened. */
interface OpenLibrary {

  /** {@return the library's functions} */
  SymbolLookup symbols();

  /** {@return the CUDA major that cuDNN was built for, or 0 if the library does not say it} */
  int cudnnCudaMajor();

  /**
   * Lets the system unload the library. The lookup must not be asked again: Java passes a question
   * on to a library that is gone, and the process dies.
   */
  void close();
}
