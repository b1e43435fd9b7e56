using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FaceLandmark.Inference.DrpAi;

/// <summary>The structure <c>facelandmark_drpai_config</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct DrpAiConfig
{
    public uint Size;
    public uint InputSize;
    public uint OutputValues;
    public uint Frequency;
    public uint HangAfterMs;
    public uint NeedsCrop;
    public Channels Mean;
    public Channels Std;
    public nint ObjectFolder;

    [InlineArray(3)]
    internal struct Channels
    {
        private float _first;
    }
}
