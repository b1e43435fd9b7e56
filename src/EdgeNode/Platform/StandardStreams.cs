using System.Runtime.InteropServices;
using System.Text;

namespace FaceLandmark.Platform;

/// <summary>
/// Standard output and standard error as a program of the command line needs them. Those of .NET let a full disk or a closed stream end the
/// program with an abort, and do not tell when the reader of a pipe is gone.
/// </summary>
internal static partial class StandardStreams
{
    private const int Output = 1;
    private const int Error = 2;
    private const int DuplicateForThisProgram = 1030; // F_DUPFD_CLOEXEC
    private const int GetFlags = 1; // F_GETFD; its one flag is FD_CLOEXEC
    private const int BrokenPipe = 32;
    private const int Interrupted = 4;
    private const int TryAgain = 11;
    private const int BadDescriptor = 9;
    private static readonly Lock s_lock = new();
    private static Descriptor? s_output;
    private static bool s_isApart;

    /// <summary>
    /// Puts them behind <see cref="Console.Out"/>, which throws <see cref="OutputException"/>, and <see cref="Console.Error"/>, which
    /// keeps silent when it cannot be written: there is nobody left to tell.
    /// </summary>
    public static void Install()
    {
        var encoding =
            Console.OutputEncoding is UTF8Encoding ? new UTF8Encoding(encoderShouldEmitUTF8Identifier: false) : Console.OutputEncoding;
        s_output = new Descriptor(Output, isQuiet: false);
        Console.SetOut(new StreamWriter(s_output, encoding) { AutoFlush = true });
        Console.SetError(new StreamWriter(new Descriptor(Error, isQuiet: true), encoding) { AutoFlush = true });
    }

    /// <summary>
    /// Keeps what native code writes on standard output apart from the program's own: Renesas' runtimes log there, and a report or a list
    /// of points that a script reads must hold nothing else. From now on descriptor 1 leads to standard error, and
    /// <see cref="Console.Out"/> has another one that leads where 1 did. To be called before a library that writes is loaded.
    /// </summary>
    public static void KeepNativeOutputApart()
    {
        lock (s_lock)
        {
            if (s_isApart || !IsInherited(Output) || !IsInherited(Error))
                return;
            s_isApart = true;
            _ = Console.Out;
            _ = Console.IsOutputRedirected; // asked of the descriptor once, and remembered
            var own = Fcntl(Output, DuplicateForThisProgram, Error + 1);
            if (own < 0)
                return;
            s_output?.MoveTo(own);
            _ = Duplicate(Error, Output);
        }
    }

    // Where the shell has closed a stream (>&-), its number goes to the first file that the runtime opens for itself. Those close when
    // another program is started; one that was inherited cannot be of that kind.
    private static bool IsInherited(int descriptor) => Fcntl(descriptor, GetFlags, 0) == 0;

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Fcntl(int descriptor, int command, nint argument);

    [LibraryImport("libc", EntryPoint = "dup2")]
    private static partial int Duplicate(int from, int to);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(int descriptor, ref byte bytes, nint count);

    private sealed class Descriptor(int number, bool isQuiet) : Stream
    {
        private readonly bool _isOpen = IsInherited(number);
        private volatile int _number = number;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        /// <summary>From now on another descriptor of the same stream is written to.</summary>
        public void MoveTo(int other) => _number = other;

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            while (buffer.Length > 0)
            {
                var error = BadDescriptor;
                var written = _isOpen ? StandardStreams.Write(_number, ref MemoryMarshal.GetReference(buffer), buffer.Length) : -1;
                if (written < 0 && _isOpen)
                    error = Marshal.GetLastPInvokeError();
                if (written >= 0)
                    buffer = buffer[(int)written..];
                else if (error == TryAgain)
                    Thread.Sleep(1); // shared with a program that does not want to wait: it takes more when its reader has read
                else if (error != Interrupted && isQuiet)
                    return;
                else if (error != Interrupted)
                    throw new OutputException(_isOpen ? Marshal.GetPInvokeErrorMessage(error) : "it is closed", error == BrokenPipe);
            }
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Flush() { }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
