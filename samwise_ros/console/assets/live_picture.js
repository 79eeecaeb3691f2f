// The live picture. It asks for the next one when the last one is on the screen, so nothing ever queues up.
export default {
  template: `
    <div class="live-picture"><div class="live-frame" ref="frame">
      <canvas ref="canvas" width="640" height="480" role="img" :aria-label="label"
        @pointerdown="press" @pointermove="drag" @pointerup="release" @pointercancel="start = null"></canvas>
      <div v-if="mark" class="live-mark" :style="mark" aria-hidden="true"></div></div>
      <div v-if="!connected" class="live-lost" role="status">{{ reason }}</div>
    </div>`,
  props: { path: String, label: String },
  data() {
    return { connected: false, mark: null, start: null, reason: "Waiting for pictures …" };
  },
  mounted() {
    this.ended = false;
    this.connect();
  },
  beforeUnmount() {
    this.ended = true;
    this.socket?.close();
  },
  methods: {
    connect() {
      const scheme = location.protocol === "https:" ? "wss:" : "ws:";
      this.socket = new WebSocket(`${scheme}//${location.host}${this.path}`);
      this.socket.binaryType = "arraybuffer";
      this.socket.onmessage = (event) => this.receive(event.data);
      this.socket.onclose = (event) => {
        this.connected = false;
        this.reason = event.reason || "The console does not answer. Is it still running? Trying again …";
        if (!this.ended) setTimeout(() => this.connect(), 1000);
      };
    },
    async receive(data) {
      const socket = this.socket;
      const number = new DataView(data).getUint32(0, true);
      const bitmap = await createImageBitmap(new Blob([new Uint8Array(data, 4)], { type: "image/jpeg" }));
      requestAnimationFrame(() => {
        const canvas = this.$refs.canvas;
        if (!canvas) return;
        if (canvas.width !== bitmap.width || canvas.height !== bitmap.height) {
          canvas.width = bitmap.width;
          canvas.height = bitmap.height;
          // As large as fits, in its own proportions: what is under the finger must be what is in the picture.
          this.$refs.frame.style.width = `min(100%, calc(var(--tallest) * ${bitmap.width / bitmap.height}))`;
        }
        canvas.getContext("2d", { alpha: false }).drawImage(bitmap, 0, 0);
        bitmap.close();
        this.connected = true;
        canvas.dataset.number = number;
        if (socket.readyState === WebSocket.OPEN) socket.send(String(number));
      });
    },
    place(event) {
      const box = this.$refs.canvas.getBoundingClientRect();
      const share = (value, low, size) => Math.min(1, Math.max(0, (value - low) / size));
      return [share(event.clientX, box.left, box.width), share(event.clientY, box.top, box.height)];
    },
    press(event) {
      if (event.button > 0) return;
      this.start = this.place(event);
      event.target.setPointerCapture(event.pointerId);
      this.draw(this.start, this.start);
    },
    drag(event) {
      if (this.start) this.draw(this.start, this.place(event));
    },
    release(event) {
      if (!this.start) return;
      const end = this.place(event);
      this.draw(this.start, end);
      this.$emit("point", { from: this.start, to: end });
      this.start = null;
    },
    draw(from, to) {
      const percent = (value) => `${100 * value}%`;
      this.mark = {
        left: percent(Math.min(from[0], to[0])),
        top: percent(Math.min(from[1], to[1])),
        width: percent(Math.abs(from[0] - to[0])),
        height: percent(Math.abs(from[1] - to[1])),
      };
    },
  },
};
