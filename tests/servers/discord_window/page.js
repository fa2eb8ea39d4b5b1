"use strict";
// Everything that people or the bot wrote is put in as text, never as markup.

const WORDS = {
  es: { who: "Eres", language: "Idioma", subtitle: "puesto de atención de prueba, sin cuenta de Discord", posts: "Casos", write: "Escribe, o / para una orden", send: "Enviar", only: "Solo lo ves tú", close: "Cerrar", failed: "La interacción ha fallado: nadie respondió a tiempo", internal: "Lo que se escribe aquí es interno. Al cliente solo le llega lo que sale por los botones.", archived: "archivado", edited: "editado", cancel: "Cancelar", choose: "Elige…", nothing: "Todavía no hay nada.", not_allowed: "No puedes hacerlo aquí", called: "llama a", gone: "Eso ya no está", closed: "Ese diálogo ya está cerrado", not_here: "Aquí no puedes escribir", nobody: "Aquí no hay ningún cliente que pueda escribir", customer: "Escribe como el cliente", customer_note: "No es parte de Discord: lo que escribas llega como si lo publicara el cliente de este caso.", customer_send: "Publicar como cliente" },
  en: { who: "You are", language: "Language", subtitle: "a desk to try, without a Discord account", posts: "Cases", write: "Write, or / for a command", send: "Send", only: "Only you can see this", close: "Close", failed: "This interaction failed: nobody answered in time", internal: "What is written here is internal. Customers get only what leaves by the buttons.", archived: "archived", edited: "edited", cancel: "Cancel", choose: "Choose…", nothing: "Nothing yet.", not_allowed: "You may not do that here", called: "calls", gone: "That is no longer there", closed: "That dialog is closed by now", not_here: "You may not write here", nobody: "There is no customer here who could write", customer: "Write as the customer", customer_note: "Not part of Discord: what you write arrives as if the customer of this case had posted it.", customer_send: "Post as customer" },
};
const $ = (id) => document.getElementById(id);
const STYLES = { 1: "primary", 2: "", 3: "success", 4: "danger", 5: "" };
let room = null, shown = "", seen = null, commands = [], state = null;

const word = (key) => WORDS[$("language").value.slice(0, 2)][key];
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "on") for (const [event, act] of Object.entries(value)) element.addEventListener(event, act);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}
async function ask(path, body) {
  const who = `as=${encodeURIComponent($("who").value)}&locale=${encodeURIComponent($("language").value)}`;
  const options = body === undefined ? {} : { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  const answer = await fetch(`${path}${path.includes("?") ? "&" : "?"}${who}`, options);
  const said = await answer.json();
  if (!answer.ok) throw new Error(word(said.reason) || word("not_allowed"));
  return said;
}

function link(target, text) {
  // what points into this guild stays on this page, as it does in Discord
  const here = target.match(/^https:\/\/(?:\w+\.)?discord\.com\/channels\/\d+\/(\d+)/);
  if (here) return make("a", { href: "#", on: { click: (event) => { event.preventDefault(); enter(here[1]); } } }, text);
  return make("a", { href: target, rel: "noreferrer", target: "_blank" }, text);
}
const roomName = (id) => [...(state?.places || []), ...(state?.posts || [])].find((each) => each.id === id)?.name || "#…";
const moment = (when) => new Date(when).toLocaleString($("language").value === "en-US" ? "en-GB" : "es-ES", { dateStyle: "short", timeStyle: "short" });

// --- the little of Discord's markup that the desk writes ---
function inline(text) {
  const parts = [];
  const pattern = /\\([^\sA-Za-z0-9])|\*\*(.+?)\*\*|`([^`\n]+)`|\[([^\]\n]+)\]\((https?:\/\/[^\s)]+)\)|(https?:\/\/[^\s<>]+)|<@&(\d+)>|<#(\d+)>|<t:(\d+)(?::\w)?>|(?<!\w)_([^_\n]+)_(?!\w)/g;
  let last = 0;
  for (const found of text.matchAll(pattern)) {
    parts.push(text.slice(last, found.index));
    const [, escaped, bold, code, label, target, address, role, channel, seconds, italic] = found;
    if (escaped !== undefined) parts.push(escaped);
    else if (bold !== undefined) parts.push(make("strong", {}, ...inline(bold)));
    else if (code !== undefined) parts.push(make("code", {}, code));
    else if (target !== undefined) parts.push(link(target, label.replace(/\\(.)/g, "$1")));
    else if (address !== undefined) parts.push(link(address, address));
    else if (role !== undefined) parts.push(make("strong", {}, `@${(state?.roles || {})[role] || role}`));
    else if (channel !== undefined) parts.push(make("strong", {}, roomName(channel)));
    else if (seconds !== undefined) parts.push(moment(Number(seconds) * 1000));
    else parts.push(make("em", {}, ...inline(italic)));
    last = found.index + found[0].length;
  }
  parts.push(text.slice(last));
  return parts;
}
function written(text) {
  const block = make("div", { class: "content" });
  text.split(/```(?:\w*\n)?([\s\S]*?)```/).forEach((part, number) => {
    if (number % 2) { block.append(make("pre", {}, part)); return; }
    part.split("\n").forEach((line, at, lines) => {
      // a quote is a block of its own, which needs no line break around it
      if (at && !line.startsWith("> ") && !lines[at - 1].startsWith("> ")) block.append("\n");
      if (line.startsWith("> ")) block.append(make("span", { class: "quote" }, ...inline(line.slice(2))));
      else if (line.startsWith("-# ")) block.append(make("span", { class: "small" }, ...inline(line.slice(3))));
      else if (/^#{1,3} /.test(line)) block.append(make("strong", {}, ...inline(line.replace(/^#+ /, ""))));
      else block.append(...inline(line));
    });
  });
  return block;
}
function embed(given) {
  const box = make("article", { class: "embed" });
  if (given.color !== null && given.color !== undefined) box.style.setProperty("--bar", `#${given.color.toString(16).padStart(6, "0")}`);
  if (given.author) box.append(make("small", {}, given.author.name));
  if (given.title) box.append(make("h3", {}, ...(given.url ? [link(given.url, given.title)] : inline(given.title))));
  if (given.description) box.append(written(given.description));
  if (given.fields?.length) box.append(make("div", { class: "fields" }, ...given.fields.map((field) => make("div", { class: field.inline ? "" : "wide" }, make("h4", {}, ...inline(field.name)), written(field.value)))));
  if (given.footer) box.append(make("footer", {}, given.footer.text));
  return box;
}
function part(component, message) {
  if (component.type === 2) {
    const label = `${component.emoji?.name ? `${component.emoji.name} ` : ""}${component.label || ""}`;
    if (component.style === 5) return link(component.url, label);
    return make("button", { type: "button", class: STYLES[component.style], disabled: Boolean(component.disabled), on: { click: () => act("/api/press", { message: message.id, custom_id: component.custom_id }) } }, label);
  }
  if (component.type === 3) {
    const several = (component.max_values || 1) > 1;
    const list = make("select", { multiple: several, "aria-label": component.placeholder || "", disabled: Boolean(component.disabled) });
    if (!several) list.append(make("option", { value: "" }, component.placeholder || word("choose")));
    for (const option of component.options) list.append(make("option", { value: option.value, selected: Boolean(option.default) && several }, option.label));
    const choose = () => { const values = [...list.selectedOptions].map((option) => option.value).filter(Boolean); if (values.length) act("/api/choose", { message: message.id, custom_id: component.custom_id, values }); if (!several) list.value = ""; };
    list.addEventListener("change", several ? () => {} : choose);
    return several ? make("span", {}, list, make("button", { type: "button", "aria-label": word("send"), on: { click: choose } }, "✔")) : list;
  }
  return make("span", {});
}
function whole(message) {
  const when = moment(message.timestamp);
  const box = make("li", { class: "message" }, make("span", { class: "author" }, message.author), make("time", {}, `${when}${message.edited ? ` · ${word("edited")}` : ""}`));
  return fill(box, message);
}
function fill(box, message) {
  if (message.content) box.append(written(message.content));
  for (const each of message.embeds || []) box.append(embed(each));
  for (const file of message.attachments || []) {
    if (/\.txt$/.test(file.filename)) { box.append(preview(file)); continue; }
    box.append(/\.(png|jpe?g|gif)$/.test(file.filename) ? make("img", { class: "attached", src: file.href, alt: file.description || file.filename }) : make("p", {}, make("a", { href: file.href, download: file.filename }, `📎 ${file.filename}`)));
  }
  for (const row of message.components || []) box.append(make("div", { class: "row" }, ...(row.components || []).map((component) => part(component, message))));
  if (message.pinged?.length) box.append(make("small", { class: "small" }, `🔔 ${word("called")} ${message.pinged.join(", ")}`));
  return box;
}

function preview(file) {
  const text = make("pre", {}, "…");
  fetch(file.href).then((answer) => answer.text()).then((words) => { text.textContent = words; }, () => {});
  return make("details", { open: true }, make("summary", {}, make("a", { href: file.href, download: file.filename }, `📎 ${file.filename}`)), text);
}

// --- what people do ---
function whisper(message) {
  const old = message.id && document.querySelector(`[data-whisper="${message.id}"]`);
  const box = make("div", { class: `whisper${message.failed ? " failed" : ""}`, "data-whisper": message.id || "" }, make("small", {}, word("only")), make("button", { class: "close", type: "button", "aria-label": word("close"), on: { click: () => box.remove() } }, "×"));
  fill(box, message);
  if (old) old.replaceWith(box); else $("whispers").prepend(box);
  while ($("whispers").children.length > 3) $("whispers").lastElementChild.remove();
  box.scrollIntoView({ block: "nearest" });
}
async function act(path, body) {
  try { answered(await ask(path, { room, ...body })); } catch (error) { whisper({ content: error.message || word("not_allowed"), failed: true }); }
  await look();
}
function answered(outcome) {
  if (outcome.failed) whisper({ content: word("failed"), failed: true });
  if (outcome.modal) open(outcome);
  for (const message of outcome.messages || []) if (message.ephemeral) whisper(message);
  if (outcome.pending) setTimeout(async () => answered(await ask(`/api/outcome/${outcome.id}`)), 700);
}
function open(outcome) {
  const modal = outcome.modal, form = $("modal"), controls = [];
  form.replaceChildren(make("h2", {}, modal.title));
  const add = (component, label, note) => {
    if (component.type === 10) { form.append(make("p", { class: "text" }, ...inline(component.content))); return; }
    const id = `field-${controls.length}`;
    const field = component.type === 4
      ? make(component.style === 2 ? "textarea" : "input", { id, maxlength: component.max_length, minlength: component.min_length, required: component.required !== false, placeholder: component.placeholder })
      : make("select", { id, multiple: (component.max_values || 1) > 1, required: component.required !== false }, ...((component.max_values || 1) > 1 || component.required !== false ? [] : [make("option", { value: "" }, word("choose"))]), ...(component.options || []).map((option) => make("option", { value: option.value, selected: Boolean(option.default) }, option.label)));
    if (component.value) field.value = component.value;
    controls.push({ component, field });
    form.append(make("label", { for: id }, label || component.label || component.placeholder || "", note ? make("small", {}, note) : null), field);
  };
  for (const each of modal.components) {
    if (each.type === 18) add(each.component, each.label, each.description);
    else if (each.type === 1) for (const inner of each.components) add(inner);
    else add(each);
  }
  form.append(make("div", { class: "row" }, make("button", { type: "button", on: { click: () => $("dialog").close() } }, word("cancel")), make("button", { value: "send" }, word("send"))));
  form.onsubmit = async (event) => {
    event.preventDefault();
    const fields = Object.fromEntries(controls.map(({ component, field }) => [component.custom_id, component.type === 4 ? field.value : [...field.selectedOptions].map((option) => option.value).filter(Boolean)]));
    $("dialog").close();
    await act("/api/submit", { modal: outcome.id, fields });
  };
  $("dialog").setAttribute("aria-label", form.firstElementChild.textContent);
  $("dialog").showModal();
}

// --- commands ---
function offered() {
  const text = $("words").value, list = $("suggestions");
  if (!text.startsWith("/")) { list.hidden = true; return; }
  const wanted = text.slice(1).split(" ")[0].toLowerCase();
  const fits = commands.filter((command) => command.shown.startsWith(wanted));
  list.replaceChildren(...fits.map((command) => make("li", {}, make("button", { type: "button", on: { click: () => prepare(command) } }, `/${command.shown} `, make("small", {}, command.description)))));
  list.hidden = !fits.length;
}
function prepare(command) {
  $("suggestions").hidden = true; $("words").value = "";
  if (!command.options.length) { act("/api/command", { name: command.name, options: {} }); return; }
  const form = $("modal"), controls = [];
  form.replaceChildren(make("h2", {}, `/${command.shown}`), make("p", {}, command.description));
  for (const option of command.options) {
    const id = `option-${option.name}`, list = `list-${option.name}`;
    let field;
    if (option.choices?.length || option.type === 5) {
      const choices = option.type === 5 ? [{ name: "✔", value: "true" }, { name: "✖", value: "false" }] : option.choices;
      field = make("select", { id }, option.required ? null : make("option", { value: "" }, "—"), ...choices.map((choice) => make("option", { value: choice.value }, choice.name)));
    } else if (option.type === 6) {
      field = make("select", { id }, option.required ? null : make("option", { value: "" }, "—"), ...state.people.map((person) => make("option", { value: person.id }, person.name)));
    } else {
      field = make("input", { id, list, required: Boolean(option.required), autocomplete: "off" });
      if (option.autocomplete) {
        const known = make("datalist", { id: list });
        const complete = async () => {
          const answer = await ask("/api/complete", { room, name: command.name, option: option.name, value: field.value });
          known.replaceChildren(...answer.choices.map((choice) => make("option", { value: String(choice.value) }, choice.name)));
        };
        field.addEventListener("focus", complete); field.addEventListener("input", complete);
        form.append(known);
      }
    }
    controls.push({ option, field });
    form.append(make("label", { for: id }, option.shown, make("small", {}, option.description)), field);
  }
  form.append(make("div", { class: "row" }, make("button", { type: "button", on: { click: () => $("dialog").close() } }, word("cancel")), make("button", { value: "send" }, word("send"))));
  form.onsubmit = async (event) => {
    event.preventDefault();
    $("dialog").close();
    const options = Object.fromEntries(controls.filter(({ field }) => field.value !== "").map(({ option, field }) => [option.name, field.value]));
    await act("/api/command", { name: command.name, options });
  };
  $("dialog").setAttribute("aria-label", form.firstElementChild.textContent);
  $("dialog").showModal();
}

// --- looking ---
function list(element, rows, current) {
  element.replaceChildren(...rows.map((row) => make("li", {}, make("button", { type: "button", class: row.archived ? "gone" : "", "aria-current": String(row.id === current), on: { click: () => enter(row.id) } }, row.name, row.archived ? make("small", {}, ` · ${word("archived")}`) : null, row.tags?.length ? make("span", { class: "tags" }, ...row.tags.map((tag) => make("span", { class: "tag" }, tag))) : null))));
}
function enter(id) { room = id; shown = ""; $("whispers").replaceChildren(); look().then(() => { if (innerWidth <= 720) $("room-name").scrollIntoView(); }); }
async function look() {
  try {
    state = await ask(`/api/state?room=${room || ""}`);
  } catch { return; }
  if (!$("who").options.length) for (const person of state.people) $("who").append(make("option", { value: person.id }, person.name));
  commands = state.commands;
  if (room === null && state.posts.length) { room = state.posts[0].id; look(); return; }
  const text = JSON.stringify([state, room, $("language").value]);
  if (text === shown) return;
  shown = text;
  document.documentElement.lang = $("language").value.slice(0, 2);
  $("subtitle").textContent = word("subtitle");
  for (const element of document.querySelectorAll("[data-word]")) element.textContent = word(element.dataset.word);
  $("words").placeholder = word("write");
  $("posts-title").textContent = `${word("posts")} · ${state.posts.length}`;
  list($("places"), state.places, room); list($("posts"), state.posts, room);
  if (seen !== room && innerWidth > 720) document.querySelector('nav [aria-current="true"]')?.scrollIntoView({ block: "nearest" });
  $("room-name").textContent = state.room?.name || "";
  $("room-note").textContent = state.room?.is_post ? word("internal") : "";
  const box = $("messages"), low = box.scrollHeight - box.scrollTop - box.clientHeight < 60, other = seen !== room;
  box.replaceChildren(...(state.room?.messages || []).map(whole));
  if (!box.children.length) box.append(make("li", {}, word("nothing")));
  if (other) box.scrollTop = 0; else if (low) box.scrollTop = box.scrollHeight;
  $("customer").hidden = !(state.customers && state.room?.is_post);
  $("customer-words").placeholder = word("customer");
  seen = room;
}
$("words").addEventListener("input", offered);
$("say").addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = $("words").value.trim();
  if (text.startsWith("/")) { const command = commands.find((each) => each.shown === text.slice(1).split(" ")[0]); if (command) prepare(command); return; }
  if (text && room) { $("words").value = ""; await act("/api/say", { text }); }
});
$("customer").addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = $("customer-words").value.trim();
  if (text && room) { $("customer-words").value = ""; await act("/api/customer", { text }); }
});
for (const id of ["who", "language"]) $(id).addEventListener("change", () => { shown = ""; $("whispers").replaceChildren(); look(); });
if (/[?&]lang=en/.test(location.search)) $("language").value = "en-US";
look(); setInterval(look, 1000);
