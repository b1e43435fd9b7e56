using System.Runtime.InteropServices;
using System.Text;

namespace FaceLandmark.Platform;

/// <summary>
/// Standard output and standard error as a program of the command line needs them. Those of .NET let a full disk or a closed stream end the
/// program with an abort, and do not tell when the reader of a pipe is gone.
/// </summary>
public static partial class StandardStreams
{
    private const int Output = 1;
    private const int Error = 2;
    private const int GetFlags = 1; // F_GETFD; its one flag is FD_CLOEXEC
    private const int BrokenPipe = 32;
    private const int Interrupted = 4;
    private const int TryAgain = 11;
    private const int BadDescriptor = 9;

    /// <summary>
    /// Puts them behind <see cref="Console.Out"/>, which throws <see cref="OutputException"/>, and <see cref="Console.Error"/>, which
    /// keeps silent when it can't be written: there is nobody left to tell.
    /// </summary>
    public static void Install()
    {
        var encoding = Console.OutputEncoding is UTF8Encoding ? new UTF8Encoding(encoderShouldEmitUTF8Identifier: false) : Console.OutputEncoding;
        Console.SetOut(new StreamWriter(new Descriptor(Output, isQuiet: false), encoding) { AutoFlush = true });
        Console.SetError(new StreamWriter(new Descriptor(Error, isQuiet: true), encoding) { AutoFlush = true });
    }

    // Where the shell has closed a stream (>&-), its number goes to the first file that the runtime opens for itself. Those close when another
    // program is started; one that was inherited can't be of that kind.
    private static bool IsInherited(int descriptor) => Fcntl(descriptor, GetFlags) == 0;

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Fcntl(int descriptor, int command);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(int descriptor, ref byte bytes, nint count);

    private sealed class Descriptor(int number, bool isQuiet) : Stream
    {
        private readonly bool _isOpen = IsInherited(number);

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            while (buffer.Length > 0)
            {
                var error = BadDescriptor;
                var written = _isOpen ? StandardStreams.Write(number, ref MemoryMarshal.GetReference(buffer), buffer.Length) : -1;
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

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
