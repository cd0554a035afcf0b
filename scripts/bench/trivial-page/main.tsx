/** The least that a page made with React is: what Keyline's first paint is held against. */
import { createRoot } from 'react-dom/client';

createRoot(document.getElementById('root')!).render(<h1>Trivial</h1>);
