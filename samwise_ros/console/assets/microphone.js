// Sends the microphone, as 16-bit samples, while the button or the space bar is held.
const WORKLET = `registerProcessor("pieces", class extends AudioWorkletProcessor {
  constructor() { super(); this.samples = []; }
  process(inputs) {
    for (const value of inputs[0][0] || []) this.samples.push(Math.max(-1, Math.min(1, value)) * 32767);
    if (this.samples.length >= sampleRate / 12) {
      this.port.postMessage(new Int16Array(this.samples));
      this.samples = [];
    }
    return true;
  }
});`;

export default {
  template: `<button type="button" class="talk" ref="button" :aria-pressed="String(held)"
      aria-label="Hold to speak (or hold the space bar)" title="Hold to speak, or hold the space bar"
      @pointerdown.prevent="hold" @pointerup="release" @pointercancel="release" @lostpointercapture="release"
      @keydown.space.prevent="key" @keydown.enter.prevent="key" @keyup.space.prevent="release" @keyup.enter="release"
      @contextmenu.prevent>{{ words }}</button>`,
  props: { path: String },
  data() {
    return { held: false, listening: false };
  },
  computed: {
    words() {
      if (!this.held) return "Hold to speak";
      return this.listening ? "Listening …" : "One moment …";
    },
  },
  mounted() {
    this.down = (event) => this.space(event, () => this.key(event));
    this.up = (event) => this.space(event, () => this.release());
    this.left = () => this.release();
    document.addEventListener("keydown", this.down);
    document.addEventListener("keyup", this.up);
    window.addEventListener("blur", this.left);
  },
  beforeUnmount() {
    document.removeEventListener("keydown", this.down);
    document.removeEventListener("keyup", this.up);
    window.removeEventListener("blur", this.left);
    this.close();
  },
  methods: {
    space(event, action) {
      const shown = this.$refs.button?.offsetParent;
      const elsewhere = event.target.closest?.("input, textarea, select, button, a, [role=slider], [role=button]");
      if (event.code === "Space" && shown && !elsewhere) {
        event.preventDefault();
        action();
      }
    },
    key(event) {
      if (!event.repeat) this.hold(event);
    },
    hold(event) {
      if (this.held) return;
      if (event.pointerId !== undefined) event.target.setPointerCapture(event.pointerId);
      this.held = true;
      this.record().catch((error) => this.fail(error));
    },
    async record() {
      if (!navigator.mediaDevices || !window.AudioWorkletNode) {
        throw new Error(
          "The browser gives no microphone to this page: only to https, or to http://localhost. From another " +
          "machine: ssh -L 8080:localhost:8080 ROBOT, and open http://localhost:8080"
        );
      }
      this.stream = await navigator.mediaDevices.getUserMedia({
        audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true },
      });
      if (!this.held) return this.close(); // let go while the browser was asking for permission
      this.context = new AudioContext();
      const url = URL.createObjectURL(new Blob([WORKLET], { type: "text/javascript" }));
      await this.context.audioWorklet.addModule(url);
      URL.revokeObjectURL(url);
      const scheme = location.protocol === "https:" ? "wss:" : "ws:";
      const socket = (this.socket = new WebSocket(`${scheme}//${location.host}${this.path}`));
      socket.binaryType = "arraybuffer";
      const early = [JSON.stringify({ sample_rate: this.context.sampleRate })];
      const send = (data) => (socket.readyState === WebSocket.OPEN ? socket.send(data) : early.push(data));
      socket.onopen = () => early.splice(0).forEach((data) => socket.send(data));
      socket.onclose = (event) => event.reason && this.fail(new Error(event.reason));
      this.send = send;
      const worklet = new AudioWorkletNode(this.context, "pieces");
      worklet.port.onmessage = (event) => send(event.data.buffer);
      this.context.createMediaStreamSource(this.stream).connect(worklet).connect(this.context.destination);
      this.listening = true;
    },
    release() {
      if (!this.held) return;
      this.held = false;
      this.send?.("end");
      const socket = this.socket;
      setTimeout(() => socket?.close(), 1000);
      this.close();
    },
    close() {
      this.stream?.getTracks().forEach((track) => track.stop());
      this.context?.close();
      this.stream = this.context = this.send = null;
      this.listening = false;
    },
    fail(error) {
      const reasons = {
        NotAllowedError: "The browser may not use the microphone: allow it in the address bar, and hold again.",
        NotFoundError: "This device has no microphone, or it is switched off: plug one in, or type the sentence.",
        NotReadableError: "The microphone is in use by another program: close that, and hold again.",
      };
      this.$emit("trouble", reasons[error.name] || error.message);
      this.held = false;
      this.close();
    },
  },
};
