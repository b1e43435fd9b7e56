using System.Runtime.Intrinsics;

namespace FaceLandmark.Capture;

/// <summary>Rows of pictures whose colours lie apart from their brightness (4:2:0), woven into rows of YUY2: Y0 U Y1 V ...</summary>
internal static unsafe class Yuy2Rows
{
    /// <summary>Weaves a row of brightness and a row of colours, U V U V ..., of as many bytes (NV12).</summary>
    /// <param name="brightness">Y0 Y1 ...</param>
    /// <param name="colours">U V ...</param>
    /// <param name="target">Room for two bytes a pixel.</param>
    /// <param name="pixels">Pixels of the row, even.</param>
    public static void Weave(byte* brightness, byte* colours, byte* target, int pixels)
    {
        for (; pixels >= 16; pixels -= 16, brightness += 16, colours += 16, target += 32)
            Store(Vector128.Load(brightness), Vector128.Load(colours), target);
        for (; pixels > 0; pixels--, brightness++, colours++, target += 2)
            (target[0], target[1]) = (*brightness, *colours);
    }

    /// <summary>Weaves a row of brightness and two rows of half as many bytes (I420).</summary>
    /// <param name="brightness">Y0 Y1 ...</param>
    /// <param name="u">U0 U1 ..., one for two pixels.</param>
    /// <param name="v">V0 V1 ..., one for two pixels.</param>
    /// <param name="target">Room for two bytes a pixel.</param>
    /// <param name="pixels">Pixels of the row, even.</param>
    public static void Weave(byte* brightness, byte* u, byte* v, byte* target, int pixels)
    {
        for (; pixels >= 32; pixels -= 32, brightness += 32, u += 16, v += 16, target += 64)
        {
            var (first, second) = Pairs(Vector128.Load(u), Vector128.Load(v));
            Store(Vector128.Load(brightness), first, target);
            Store(Vector128.Load(brightness + 16), second, target + 32);
        }

        for (; pixels > 0; pixels -= 2, brightness += 2, u++, v++, target += 4)
            (target[0], target[1], target[2], target[3]) = (brightness[0], *u, brightness[1], *v);
    }

    private static void Store(Vector128<byte> even, Vector128<byte> odd, byte* target)
    {
        var (first, second) = Pairs(even, odd);
        first.Store(target);
        second.Store(target + 16);
    }

    // even0 odd0 even1 odd1 ...: each even byte is the lower half of 16 bits, each odd one the upper.
    private static (Vector128<byte> First, Vector128<byte> Second) Pairs(Vector128<byte> even, Vector128<byte> odd)
    {
        var (firstEven, secondEven) = Vector128.Widen(even);
        var (firstOdd, secondOdd) = Vector128.Widen(odd);
        return ((firstEven | (firstOdd << 8)).AsByte(), (secondEven | (secondOdd << 8)).AsByte());
    }
}
