using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using FaceLandmark.Capture.V4l2;
using Kernel = FaceLandmark.Capture.V4l2.Videodev2;

namespace FaceLandmark.Tests.Capture.V4l2;

/// <summary>Structures and numbers of V4L2 against the kernel's header, as the C compiler of each machine understands it.</summary>
public sealed class Videodev2Tests : IDisposable
{
    private static readonly (Type Type, string Name, (string Ours, string Theirs)[] Fields)[] s_structures =
    [
        (
            typeof(Kernel.Capability),
            "struct v4l2_capability",
            [("Driver", "driver"), ("Card", "card"), ("Capabilities", "capabilities"), ("DeviceCaps", "device_caps")]
        ),
        (
            typeof(Kernel.FormatDescription),
            "struct v4l2_fmtdesc",
            [("Index", "index"), ("Type", "type"), ("PixelFormat", "pixelformat")]
        ),
        (
            typeof(Kernel.FrameSize),
            "struct v4l2_frmsizeenum",
            [
                ("Index", "index"),
                ("PixelFormat", "pixel_format"),
                ("Type", "type"),
                ("Width", "discrete.width"),
                ("Height", "discrete.height"),
                ("LeastWidth", "stepwise.min_width"),
                ("MostWidth", "stepwise.max_width"),
                ("StepWidth", "stepwise.step_width"),
                ("LeastHeight", "stepwise.min_height"),
                ("MostHeight", "stepwise.max_height"),
                ("StepHeight", "stepwise.step_height"),
            ]
        ),
        (
            typeof(Kernel.FrameInterval),
            "struct v4l2_frmivalenum",
            [
                ("Index", "index"),
                ("PixelFormat", "pixel_format"),
                ("Width", "width"),
                ("Height", "height"),
                ("Type", "type"),
                ("Numerator", "discrete.numerator"),
                ("Denominator", "discrete.denominator"),
            ]
        ),
        (
            typeof(Kernel.Format),
            "struct v4l2_format",
            [
                ("Type", "type"),
                ("Width", "fmt.pix.width"),
                ("Height", "fmt.pix.height"),
                ("PixelFormat", "fmt.pix.pixelformat"),
                ("Field", "fmt.pix.field"),
                ("BytesPerLine", "fmt.pix.bytesperline"),
                ("SizeImage", "fmt.pix.sizeimage"),
                ("PlaneBytesPerLine", "fmt.pix_mp.plane_fmt[0].bytesperline"),
                ("Planes", "fmt.pix_mp.num_planes"),
            ]
        ),
        (
            typeof(Kernel.StreamParameters),
            "struct v4l2_streamparm",
            [
                ("Type", "type"),
                ("Capability", "parm.capture.capability"),
                ("Numerator", "parm.capture.timeperframe.numerator"),
                ("Denominator", "parm.capture.timeperframe.denominator"),
            ]
        ),
        (typeof(Kernel.BufferRequest), "struct v4l2_requestbuffers", [("Count", "count"), ("Type", "type"), ("Memory", "memory")]),
        (
            typeof(Kernel.Buffer),
            "struct v4l2_buffer",
            [
                ("Index", "index"),
                ("Type", "type"),
                ("BytesUsed", "bytesused"),
                ("Flags", "flags"),
                ("Seconds", "timestamp.tv_sec"),
                ("Microseconds", "timestamp.tv_usec"),
                ("Sequence", "sequence"),
                ("Memory", "memory"),
                ("Offset", "m.offset"),
                ("Planes", "m.planes"),
                ("Length", "length"),
            ]
        ),
        (
            typeof(Kernel.Plane),
            "struct v4l2_plane",
            [("BytesUsed", "bytesused"), ("Length", "length"), ("Offset", "m.mem_offset"), ("DataOffset", "data_offset")]
        ),
        (
            typeof(Kernel.ControlQuery),
            "struct v4l2_query_ext_ctrl",
            [
                ("Id", "id"),
                ("Type", "type"),
                ("Name", "name"),
                ("Least", "minimum"),
                ("Most", "maximum"),
                ("Step", "step"),
                ("Flags", "flags"),
            ]
        ),
        (
            typeof(Kernel.MenuQuery),
            "struct v4l2_querymenu",
            [("Id", "id"), ("Index", "index"), ("Name", "name"), ("Value", "value")]
        ),
        (typeof(Kernel.Control), "struct v4l2_control", [("Id", "id"), ("Value", "value")]),
        (typeof(LibC.PollEntry), "struct pollfd", [("File", "fd"), ("Events", "events"), ("Returned", "revents")]),
    ];

    private static readonly (string Name, long Value)[] s_numbers =
    [
        ("VIDIOC_QUERYCAP", Kernel.QueryCap),
        ("VIDIOC_ENUM_FMT", Kernel.EnumFormat),
        ("VIDIOC_S_FMT", Kernel.SetFormat),
        ("VIDIOC_REQBUFS", Kernel.RequestBuffers),
        ("VIDIOC_QUERYBUF", Kernel.QueryBuffer),
        ("VIDIOC_QBUF", Kernel.QueueBuffer),
        ("VIDIOC_DQBUF", Kernel.DequeueBuffer),
        ("VIDIOC_STREAMON", Kernel.StreamOn),
        ("VIDIOC_STREAMOFF", Kernel.StreamOff),
        ("VIDIOC_G_PARM", Kernel.GetParameters),
        ("VIDIOC_S_PARM", Kernel.SetParameters),
        ("VIDIOC_ENUM_FRAMESIZES", Kernel.EnumFrameSizes),
        ("VIDIOC_ENUM_FRAMEINTERVALS", Kernel.EnumFrameIntervals),
        ("VIDIOC_S_CTRL", Kernel.SetControl),
        ("VIDIOC_QUERYMENU", Kernel.QueryMenu),
        ("VIDIOC_QUERY_EXT_CTRL", Kernel.QueryControl),
        ("V4L2_CTRL_TYPE_INTEGER", Kernel.ControlInteger),
        ("V4L2_CTRL_TYPE_BOOLEAN", Kernel.ControlBoolean),
        ("V4L2_CTRL_TYPE_MENU", Kernel.ControlMenu),
        ("V4L2_CTRL_TYPE_BITMASK", Kernel.ControlBitmask),
        ("V4L2_CTRL_TYPE_INTEGER_MENU", Kernel.ControlIntegerMenu),
        ("V4L2_CTRL_FLAG_DISABLED", Kernel.ControlDisabled),
        ("V4L2_CTRL_FLAG_READ_ONLY", Kernel.ControlReadOnly),
        ("V4L2_CTRL_FLAG_NEXT_CTRL", Kernel.NextControl),
        ("V4L2_BUF_TYPE_VIDEO_CAPTURE", Kernel.BufferTypeVideoCapture),
        ("V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE", Kernel.BufferTypeVideoCaptureMplane),
        ("V4L2_MEMORY_MMAP", Kernel.MemoryMmap),
        ("V4L2_FIELD_NONE", Kernel.FieldNone),
        ("V4L2_CAP_VIDEO_CAPTURE", Kernel.CapVideoCapture),
        ("V4L2_CAP_VIDEO_CAPTURE_MPLANE", Kernel.CapVideoCaptureMplane),
        ("V4L2_CAP_META_CAPTURE", Kernel.CapMetaCapture),
        ("V4L2_CAP_STREAMING", Kernel.CapStreaming),
        ("V4L2_CAP_DEVICE_CAPS", Kernel.CapDeviceCaps),
        ("V4L2_CAP_TIMEPERFRAME", Kernel.CapTimePerFrame),
        ("V4L2_FRMSIZE_TYPE_DISCRETE", Kernel.SizeDiscrete),
        ("V4L2_FRMIVAL_TYPE_DISCRETE", Kernel.IntervalDiscrete),
        ("V4L2_BUF_FLAG_ERROR", Kernel.BufferError),
        ("V4L2_BUF_FLAG_TIMESTAMP_MASK", Kernel.BufferTimestampMask),
        ("V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC", Kernel.BufferTimestampMonotonic),
        ("V4L2_PIX_FMT_YUYV", Kernel.FormatYuyv),
        ("V4L2_PIX_FMT_NV12", Kernel.FormatNv12),
        ("V4L2_PIX_FMT_UYVY", Kernel.FormatUyvy),
        ("V4L2_PIX_FMT_YUV420", Kernel.FormatYu12),
        ("V4L2_PIX_FMT_GREY", Kernel.FormatGrey),
        ("V4L2_PIX_FMT_MJPEG", Kernel.FormatMjpg),
        ("V4L2_PIX_FMT_JPEG", Kernel.FormatJpeg),
        ("O_RDWR", LibC.OpenReadWrite),
        ("O_NONBLOCK", LibC.OpenNonBlocking),
        ("O_CLOEXEC", LibC.OpenCloseOnExec),
        ("PROT_READ | PROT_WRITE", LibC.ProtectionReadWrite),
        ("MAP_SHARED", LibC.MapShared),
        ("POLLIN", LibC.PollIn),
        ("POLLERR", LibC.PollErr),
        ("EPERM", LibC.NotPermitted),
        ("ENOENT", LibC.NoEntry),
        ("EINTR", LibC.Interrupted),
        ("EIO", LibC.InputOutput),
        ("ENXIO", LibC.NoSuchAddress),
        ("EAGAIN", LibC.TryAgain),
        ("EACCES", LibC.AccessDenied),
        ("EBUSY", LibC.Busy),
        ("ENODEV", LibC.NoDevice),
        ("ENOTDIR", LibC.NotADirectory),
        ("EINVAL", LibC.Invalid),
        ("ENOTTY", LibC.NotForThisDevice),
        ("ENOSPC", LibC.NoSpace),
        ("EPIPE", LibC.BrokenPipe),
        ("ENOLINK", LibC.NoLink),
    ];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void On_this_machine_they_are_what_the_kernel_says() => AssertAsThe("gcc", "");

    [Fact]
    public void On_arm64_they_are_what_the_kernel_says()
    {
        Assert.SkipUnless(
            IsThere("aarch64-linux-gnu-gcc") && IsThere("qemu-aarch64-static"),
            "aarch64-linux-gnu-gcc and qemu-aarch64-static are not here"
        );
        AssertAsThe("aarch64-linux-gnu-gcc", "qemu-aarch64-static");
    }

    [Fact]
    public void Every_field_and_number_is_compared()
    {
        foreach (var (type, _, fields) in s_structures)
            Assert.Equal(
                Fields(type).Select(field => field.Name).Order(StringComparer.Ordinal),
                fields.Select(field => field.Ours).Order(StringComparer.Ordinal)
            );
        Assert.Equal(
            typeof(Kernel).GetNestedTypes().Append(typeof(LibC.PollEntry)).Select(type => type.Name).Order(StringComparer.Ordinal),
            s_structures.Select(structure => structure.Type.Name).Order(StringComparer.Ordinal)
        );
        Assert.Equal(Numbers(typeof(Kernel)) + Numbers(typeof(LibC)), s_numbers.Length);
    }

    private static int Numbers(Type type) => type.GetFields(BindingFlags.Public | BindingFlags.Static).Length;

    private static FieldInfo[] Fields(Type type) => type.GetFields(BindingFlags.Public | BindingFlags.Instance);

    private static bool IsThere(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));

    private void AssertAsThe(string compiler, string emulator)
    {
        var questions = s_structures
            .SelectMany(structure =>
                structure
                    .Fields.Select(field =>
                        (
                            $"offsetof({structure.Name}, {field.Theirs})",
                            (long)structure.Type.GetField(field.Ours)!.GetCustomAttribute<FieldOffsetAttribute>()!.Value
                        )
                    )
                    .Append(($"sizeof({structure.Name})", structure.Type.StructLayoutAttribute!.Size))
            )
            .Concat(s_numbers)
            .ToList();
        var source = Path.Combine(_folder.Path, "ask.c");
        var program = Path.Combine(_folder.Path, "ask");
        File.WriteAllText(
            source,
            $$"""
            #define _GNU_SOURCE
            #include <errno.h>
            #include <fcntl.h>
            #include <linux/videodev2.h>
            #include <poll.h>
            #include <stddef.h>
            #include <stdio.h>
            #include <sys/mman.h>
            int main(void)
            {
                {{string.Concat(questions.Select(question => $"printf(\"%lld\\n\", (long long)({question.Item1}));\n"))}}
                return 0;
            }
            """
        );
        Run(compiler, "-static", "-o", program, source);
        var answers = emulator.Length > 0 ? Run(emulator, program) : Run(program);

        var theirs = answers.TrimEnd().Split('\n').Select(answer => long.Parse(answer, CultureInfo.InvariantCulture));
        Assert.Equal(questions.Zip(theirs, (question, answer) => (question.Item1, answer)), questions);
    }

    private static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true }
        )!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {errors.Result}");
        return output;
    }
}
