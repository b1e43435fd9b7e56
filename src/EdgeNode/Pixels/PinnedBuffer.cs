using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FaceLandmark.Pixels;

/// <summary>
/// Memory that stays where it is and is kept from call to call; it grows, and starts with <typeparamref name="T"/>'s zeros.
/// </summary>
internal sealed unsafe class PinnedBuffer<T>
    where T : unmanaged
{
    private T[] _items = [];

    /// <summary>Address of the first item.</summary>
    public T* Start => (T*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_items));

    /// <summary>Room for a number of items; what was in it is lost when it grows.</summary>
    public T* Ensure(int length)
    {
        if (_items.Length < length)
            _items = GC.AllocateArray<T>(length, pinned: true);
        return Start;
    }
}
