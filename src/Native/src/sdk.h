#ifndef FACELANDMARK_SDK_H
#define FACELANDMARK_SDK_H

#include <MeraDrpRuntimeWrapper.h>
#include <PreRuntime.h>

#include <cstdint>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

/*
 * What the releases and products of the vendor's SDK differ in, all in one place. The compiler finds out what a release has;
 * docs/hardware.md names the file of the SDK that each number and habit comes from.
 */
namespace facelandmark::sdk {

/* V2H and V2N: pictures come from virtual memory, addresses have 40 bits, pre-processing lies at the end of the area. */
#ifdef FACELANDMARK_V2H
constexpr bool is_v2h = true;
#else
constexpr bool is_v2h = false;
#endif

/* As which device the model's tensors are passed: TVM's kDLCPU or the vendor's kDLDrpAi. */
constexpr int cpu_device = 1;
constexpr int drpai_device = 36;
#ifdef FACELANDMARK_DEVICE_DRPAI
constexpr int device_kind = drpai_device;
#else
constexpr int device_kind = cpu_device;
#endif

/* V2L, V2M, V2MA before 2.7: where the model lies, behind the pre-processing. */
constexpr uint64_t model_offset = 0x32E0000;

/* From 2.7 on: what model and pre-processing are aligned to. */
constexpr uint64_t alignment = 0x1000000;

constexpr uint64_t align(uint64_t address)
{
    return (address + alignment - 1) & ~(alignment - 1);
}

template <typename Wrapper, typename = void>
struct TakesFrequency : std::false_type {};
template <typename Wrapper>
struct TakesFrequency<Wrapper, std::void_t<decltype(std::declval<Wrapper &>().Run(1))>> : std::true_type {};

template <typename Wrapper, typename = void>
struct TellsLastAddress : std::false_type {};
template <typename Wrapper>
struct TellsLastAddress<Wrapper, std::void_t<decltype(std::declval<Wrapper &>().GetLastAddress())>> : std::true_type {};

template <typename Parameters, typename = void>
struct CopiesInput : std::false_type {};
template <typename Parameters>
struct CopiesInput<Parameters, std::void_t<decltype(std::declval<Parameters &>().input_copy_enabled)>> : std::true_type {};

/* From 2.7 on the device is the constructor's argument; before it was the overload of LoadModel. */
template <typename Wrapper>
constexpr bool takes_device = std::is_constructible_v<Wrapper, int>;

template <typename Wrapper>
std::unique_ptr<Wrapper> make()
{
    if constexpr (takes_device<Wrapper>)
        return std::make_unique<Wrapper>(device_kind);
    else
        return std::make_unique<Wrapper>();
}

template <typename Wrapper>
bool load_model(Wrapper &wrapper, const std::string &folder, uint64_t address)
{
    if constexpr (!takes_device<Wrapper> && device_kind == cpu_device)
        return wrapper.LoadModel(folder, static_cast<uint32_t>(address));
    else
        return wrapper.LoadModel(folder, address);
}

/* The clock can be chosen on V2H and V2N alone. */
template <typename Wrapper>
void run(Wrapper &wrapper, int frequency)
{
    if constexpr (is_v2h && TakesFrequency<Wrapper>::value) {
        wrapper.Run(frequency);
    } else {
        static_cast<void>(frequency);
        wrapper.Run();
    }
}

/* The first address behind a loaded model; 0 where it does not use the area. */
template <typename Wrapper>
uint64_t last_address(Wrapper &wrapper)
{
    if constexpr (TellsLastAddress<Wrapper>::value)
        return wrapper.GetLastAddress();
    else
        return 0;
}

template <typename Parameters>
void copy_input(Parameters &parameters)
{
    if constexpr (CopiesInput<Parameters>::value)
        parameters.input_copy_enabled = is_v2h;
}

} // namespace facelandmark::sdk

#endif
