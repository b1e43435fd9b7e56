#define _GNU_SOURCE
#include "camera_double.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* Eight colours in four columns and two rows: Y, U, V of red, green, blue, white, black, yellow, cyan, magenta. */
static const uint8_t colours[8][3] = {
    {81, 90, 240}, {145, 54, 34}, {41, 240, 110}, {235, 128, 128}, {16, 128, 128}, {210, 16, 146}, {170, 166, 16}, {106, 202, 222}};

static uint32_t code_of(const char *name)
{
    return v4l2_fourcc(name[0], name[1], name[2], name[3]);
}

/* A device that has only the multi-planar interface knows no other type. */
static uint32_t type_of(struct device *device)
{
    const uint32_t caps = (uint32_t)number_of(device, "caps", V4L2_CAP_VIDEO_CAPTURE);
    return caps & V4L2_CAP_VIDEO_CAPTURE || !(caps & V4L2_CAP_VIDEO_CAPTURE_MPLANE) ? V4L2_BUF_TYPE_VIDEO_CAPTURE
                                                                                    : V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE;
}

static int is_planar(struct device *device)
{
    return type_of(device) == V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE;
}

/* Pictures */

static void paint(const struct device *device, uint8_t *memory, uint32_t length)
{
    const struct v4l2_pix_format *format = &device->format;
    const uint32_t rows = format->height, stride = format->bytesperline;
    for (uint32_t i = 0; i < length; i++)
        memory[i] = (uint8_t)(i * 37); /* what lies in the padding of rows is nothing to look at */
    for (uint32_t y = 0; y < rows; y++)
        for (uint32_t x = 0; x < format->width; x++) {
            const uint8_t *colour = colours[4 * (y * 2 / rows) + x * 4 / format->width];
            switch (format->pixelformat) {
            case V4L2_PIX_FMT_YUYV:
                memory[y * stride + 2 * x] = colour[0];
                memory[y * stride + 2 * x + 1] = colour[1 + x % 2];
                break;
            case V4L2_PIX_FMT_UYVY:
                memory[y * stride + 2 * x + 1] = colour[0];
                memory[y * stride + 2 * x] = colour[1 + x % 2];
                break;
            case V4L2_PIX_FMT_NV12:
                memory[y * stride + x] = colour[0];
                memory[(rows + y / 2) * stride + x] = colour[1 + x % 2];
                break;
            case V4L2_PIX_FMT_YUV420: /* planes of U and V, with half of everything */
                memory[y * stride + x] = colour[0];
                memory[rows * stride + (x % 2 * ((rows + 1) / 2) + y / 2) * (stride / 2) + x / 2] = colour[1 + x % 2];
                break;
            default: /* GREY, which has 256 levels */
                memory[y * stride + x] = (uint8_t)((colour[0] - 16) * 255 / 219);
            }
        }
}

static uint32_t fill(struct device *device, struct buffer *buffer)
{
    if (device->format.pixelformat != V4L2_PIX_FMT_MJPEG) {
        paint(device, buffer->memory, device->format.sizeimage);
        return device->format.sizeimage;
    }
    char path[TEXT];
    const int length = read_file(value_of(device, "jpeg", "", path), buffer->memory, buffer->length);
    return length < 0 ? 0 : (uint32_t)length;
}

/* Calls */

static int capability(struct device *device, struct v4l2_capability *answer)
{
    memset(answer, 0, sizeof *answer);
    strcpy((char *)answer->driver, "double");
    strcpy((char *)answer->card, "Double of a camera");
    answer->device_caps = (uint32_t)number_of(device, "caps", V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING | V4L2_CAP_EXT_PIX_FORMAT);
    answer->capabilities = answer->device_caps | V4L2_CAP_DEVICE_CAPS | V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_META_CAPTURE;
    return 0;
}

static int enumerate_format(struct device *device, struct v4l2_fmtdesc *answer)
{
    char item[TEXT];
    if (answer->type != type_of(device) || !item_of(device, "formats", "YUYV,NV12,MJPG", answer->index, item))
        return fail(EINVAL);
    answer->pixelformat = code_of(item);
    answer->flags = strcmp(item, "MJPG") == 0 ? V4L2_FMT_FLAG_COMPRESSED : 0;
    return 0;
}

static int enumerate_size(struct device *device, struct v4l2_frmsizeenum *answer)
{
    char item[TEXT];
    if (!item_of(device, "sizes", "640x480,1280x720", answer->index, item))
        return fail(EINVAL);
    answer->type = V4L2_FRMSIZE_TYPE_DISCRETE;
    sscanf(item, "%ux%u", &answer->discrete.width, &answer->discrete.height);
    return 0;
}

static int enumerate_interval(struct device *device, struct v4l2_frmivalenum *answer)
{
    char item[TEXT];
    if (!item_of(device, "rates", "30,15", answer->index, item))
        return fail(EINVAL);
    answer->type = V4L2_FRMIVAL_TYPE_DISCRETE;
    answer->discrete = (struct v4l2_fract){1, (uint32_t)atoi(item)};
    return 0;
}

/* As drivers do: what is not offered becomes something that is, without an error. */
static int set_format(struct device *device, struct v4l2_format *asked)
{
    const int error = (int)number_of(device, "format-error", 0);
    char item[TEXT], value[TEXT];
    struct v4l2_pix_format granted = {0}, *pix = &granted;
    uint32_t index = 0;
    memcpy(pix, &asked->fmt, offsetof(struct v4l2_pix_format, bytesperline)); /* both interfaces begin with size, format and field */
    if (asked->type != type_of(device))
        return fail(EINVAL);
    if (error || device->streams || device->count)
        return fail(error ? error : EBUSY);
    while (item_of(device, "formats", "YUYV,NV12,MJPG", index, item) && code_of(item) != pix->pixelformat)
        index++;
    if (!item_of(device, "formats", "YUYV,NV12,MJPG", index, item))
        item_of(device, "formats", "YUYV,NV12,MJPG", 0, item);
    pix->pixelformat = code_of(value_of(device, "grant-format", item, value));
    uint32_t nearest = UINT32_MAX;
    const uint32_t width = pix->width, height = pix->height;
    for (index = 0; item_of(device, "sizes", "640x480,1280x720", index, item); index++) {
        uint32_t w, h;
        sscanf(item, "%ux%u", &w, &h);
        const uint32_t distance = (uint32_t)(abs((int)w - (int)width) + abs((int)h - (int)height));
        if (distance < nearest) {
            nearest = distance;
            pix->width = w;
            pix->height = h;
        }
    }
    sscanf(value_of(device, "grant-size", "", value), "%ux%u", &pix->width, &pix->height);
    const uint32_t padding = (uint32_t)number_of(device, "padding", 0);
    if (pix->pixelformat == V4L2_PIX_FMT_YUYV || pix->pixelformat == V4L2_PIX_FMT_UYVY) {
        pix->bytesperline = 2 * pix->width + padding;
        pix->sizeimage = pix->bytesperline * pix->height;
    } else if (pix->pixelformat == V4L2_PIX_FMT_GREY) {
        pix->bytesperline = pix->width + padding;
        pix->sizeimage = pix->bytesperline * pix->height;
    } else if (pix->pixelformat == V4L2_PIX_FMT_NV12 || pix->pixelformat == V4L2_PIX_FMT_YUV420) {
        pix->bytesperline = pix->width + padding;
        pix->sizeimage = pix->bytesperline * (pix->height + (pix->height + 1) / 2);
    } else {
        pix->bytesperline = 0;
        pix->sizeimage = 2 * pix->width * pix->height;
    }
    pix->field = V4L2_FIELD_NONE;
    pix->colorspace = V4L2_COLORSPACE_SRGB;
    device->format = *pix;
    memset(&asked->fmt, 0, sizeof asked->fmt);
    if (is_planar(device)) {
        struct v4l2_pix_format_mplane *planar = &asked->fmt.pix_mp;
        planar->width = pix->width;
        planar->height = pix->height;
        planar->pixelformat = pix->pixelformat;
        planar->field = pix->field;
        planar->colorspace = pix->colorspace;
        planar->num_planes = (uint8_t)number_of(device, "planes", 1);
        planar->plane_fmt[0].sizeimage = pix->sizeimage;
        planar->plane_fmt[0].bytesperline = pix->bytesperline;
    } else {
        asked->fmt.pix = *pix;
    }
    note("format %.4s %ux%u\n", (const char *)&pix->pixelformat, pix->width, pix->height);
    return 0;
}

static int parameters(struct device *device, struct v4l2_streamparm *asked, int sets)
{
    struct v4l2_captureparm *capture = &asked->parm.capture;
    if (asked->type != type_of(device))
        return fail(EINVAL);
    if (sets && device->streams)
        return fail(EBUSY);
    if (sets) {
        char item[TEXT];
        double nearest = 1e9;
        const double rate = capture->timeperframe.numerator ? (double)capture->timeperframe.denominator / capture->timeperframe.numerator : 0;
        for (uint32_t index = 0; item_of(device, "rates", "30,15", index, item); index++) {
            const double distance = atof(item) > rate ? atof(item) - rate : rate - atof(item);
            if (distance < nearest) {
                nearest = distance;
                device->interval = (struct v4l2_fract){1, (uint32_t)atoi(item)};
            }
        }
    }
    memset(capture, 0, sizeof *capture);
    capture->capability = V4L2_CAP_TIMEPERFRAME;
    capture->timeperframe = device->interval;
    return 0;
}

void free_buffers(struct device *device)
{
    for (uint32_t i = 0; i < device->count; i++) {
        syscall(SYS_munmap, device->buffers[i].memory, device->buffers[i].length);
        syscall(SYS_close, device->buffers[i].file);
    }
    memset(device->buffers, 0, sizeof device->buffers);
    device->count = device->waiting = 0;
}

static int request_buffers(struct device *device, struct v4l2_requestbuffers *asked)
{
    const int error = (int)number_of(device, "buffers-error", 0);
    const uint32_t most = (uint32_t)number_of(device, "buffers", MOST_BUFFERS);
    if (error || device->streams)
        return fail(error ? error : EBUSY);
    if (asked->type != type_of(device) || asked->memory != V4L2_MEMORY_MMAP)
        return fail(EINVAL);
    free_buffers(device);
    device->count = asked->count = asked->count > most ? most : asked->count;
    for (uint32_t i = 0; i < asked->count; i++) {
        struct buffer *buffer = &device->buffers[i];
        buffer->length = (device->format.sizeimage + (uint32_t)number_of(device, "data-offset", 0) + 4095) & ~4095u;
        buffer->file = (int)syscall(SYS_memfd_create, "camera", MFD_CLOEXEC);
        syscall(SYS_ftruncate, buffer->file, (off_t)buffer->length);
        buffer->memory = (uint8_t *)syscall(SYS_mmap, NULL, buffer->length, PROT_READ | PROT_WRITE, MAP_SHARED, buffer->file, 0);
    }
    return 0;
}

/* The kernel asks for the planes with every call about a buffer. */
static int is_buffer(struct device *device, const struct v4l2_buffer *buffer)
{
    const int has_planes = !is_planar(device) || (buffer->m.planes && buffer->length > 0);
    return buffer->type == type_of(device) && buffer->index < device->count && has_planes;
}

static int query_buffer(struct device *device, struct v4l2_buffer *asked)
{
    if (!is_buffer(device, asked))
        return fail(EINVAL);
    if (is_planar(device)) {
        asked->length = 1;
        asked->m.planes[0].length = device->buffers[asked->index].length;
        asked->m.planes[0].m.mem_offset = asked->index << 24;
    } else {
        asked->length = device->buffers[asked->index].length;
        asked->m.offset = asked->index << 24;
    }
    return 0;
}

static int queue_buffer(struct device *device, struct v4l2_buffer *asked)
{
    struct buffer *buffer = &device->buffers[asked->index % MOST_BUFFERS];
    if (!is_buffer(device, asked) || asked->memory != V4L2_MEMORY_MMAP || buffer->is_queued)
        return fail(EINVAL);
    buffer->is_queued = 1;
    device->queue[device->waiting++] = asked->index;
    return 0;
}

short events_of(struct device *device)
{
    const long stalls = number_of(device, "stall", 0);
    if (device->is_gone)
        return POLLERR | POLLHUP | POLLIN;
    if (!device->streams || device->waiting == 0)
        return POLLERR;
    if (number_of(device, "take-error", 0))
        return POLLERR | POLLIN;
    return !stalls && now() >= device->due ? POLLIN : 0;
}

static int take_buffer(struct device *device, struct v4l2_buffer *answer)
{
    const int error = (int)number_of(device, "take-error", 0);
    if (error)
        return fail(error);
    if (answer->type != type_of(device) || answer->memory != V4L2_MEMORY_MMAP || !device->streams)
        return fail(EINVAL);
    if (is_planar(device) && (!answer->m.planes || answer->length == 0))
        return fail(EINVAL);
    if (events_of(device) != POLLIN)
        return fail(EAGAIN);
    const uint32_t index = device->queue[0];
    struct buffer *buffer = &device->buffers[index];
    memmove(device->queue, device->queue + 1, --device->waiting * sizeof *device->queue);
    buffer->is_queued = 0;
    device->taken++;
    const long bad = number_of(device, "bad-every", 0), cut = number_of(device, "short-every", 0), lost = number_of(device, "lose-every", 0);
    answer->index = index;
    answer->bytesused = fill(device, buffer);
    answer->flags = number_of(device, "unstamped", 0) ? V4L2_BUF_FLAG_TIMESTAMP_UNKNOWN : V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC;
    if (bad && device->taken % bad == 0)
        answer->flags |= V4L2_BUF_FLAG_ERROR;
    if (cut && device->taken % cut == 0)
        answer->bytesused /= 2;
    const double captured = now() - 1e-3 * (double)number_of(device, "late-ms", 0);
    answer->timestamp.tv_sec = (time_t)captured;
    answer->timestamp.tv_usec = (suseconds_t)(1e6 * (captured - (double)(time_t)captured));
    answer->sequence = device->sequence++;
    if (lost && device->taken % lost == 0)
        device->sequence++;
    if (is_planar(device)) {
        const uint32_t begin = (uint32_t)number_of(device, "data-offset", 0);
        memmove(buffer->memory + begin, buffer->memory, answer->bytesused);
        answer->m.planes[0].bytesused = begin + answer->bytesused;
        answer->m.planes[0].data_offset = begin;
        answer->m.planes[0].length = buffer->length;
        answer->length = 1;
        answer->bytesused = 0;
    } else {
        answer->length = buffer->length;
    }
    answer->field = V4L2_FIELD_NONE;
    device->due = now() + (double)device->interval.numerator / device->interval.denominator;
    return 0;
}

static int stream(struct device *device, int starts)
{
    const int error = starts ? (int)number_of(device, "start-error", 0) : 0;
    if (error || (starts && device->count == 0))
        return fail(error ? error : EINVAL);
    if (starts != device->streams)
        note(starts ? "start\n" : "stop\n");
    if (!starts) {
        device->waiting = 0;
        for (uint32_t i = 0; i < device->count; i++)
            device->buffers[i].is_queued = 0;
    }
    device->streams = starts;
    device->sequence = device->taken = 0;
    device->due = now();
    return 0;
}

int answer(struct device *device, unsigned long request, void *argument)
{
    number_of(device, "", 0); /* looks whether it is still plugged in */
    if (device->is_gone)
        return fail(ENODEV);
    switch (request) {
    case VIDIOC_QUERYCAP:
        return number_of(device, "caps", 1) == 0 ? fail(ENOTTY) : capability(device, argument);
    case VIDIOC_ENUM_FMT:
        return enumerate_format(device, argument);
    case VIDIOC_ENUM_FRAMESIZES:
        return enumerate_size(device, argument);
    case VIDIOC_ENUM_FRAMEINTERVALS:
        return enumerate_interval(device, argument);
    case VIDIOC_S_FMT:
        return set_format(device, argument);
    case VIDIOC_G_PARM:
        return parameters(device, argument, 0);
    case VIDIOC_S_PARM:
        return parameters(device, argument, 1);
    case VIDIOC_REQBUFS:
        return request_buffers(device, argument);
    case VIDIOC_QUERYBUF:
        return query_buffer(device, argument);
    case VIDIOC_QBUF:
        return queue_buffer(device, argument);
    case VIDIOC_DQBUF:
        return take_buffer(device, argument);
    case VIDIOC_STREAMON:
        return stream(device, 1);
    case VIDIOC_STREAMOFF:
        return stream(device, 0);
    case VIDIOC_QUERY_EXT_CTRL:
        return query_control(argument);
    case VIDIOC_QUERYMENU:
        return query_menu(argument);
    case VIDIOC_S_CTRL:
        return set_control(device, argument);
    default:
        return fail(ENOTTY);
    }
}
