package dev.lanewise.cuda.fake;

/** Makes programs of CUDA C. */
@FunctionalInterface
interface KernelCompiler {

  /** The text is no program; the message is what the log of a compiler says. */
  final class SyntaxFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SyntaxFault(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /**
   * {@return the program of a text}
   *
   * @throws SyntaxFault if it is none
   */
  KernelProgram compile(String source);
}
